/** `executeTool` and `executeTools`: calls by name. A failed tool is an answer; nothing is thrown for it. */
import { runCalls } from "../src/dataflow/run-calls.ts";
import type { ConversationContext } from "../src/connector/tool.ts";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import { travelsTogether } from "../src/pipeline/batching.ts";
import { isObject } from "../src/is-object.ts";
import type { ToolExecution } from "../src/pipeline/tool-execution.ts";

export interface ExecuteToolArgs {
  readonly serverId: string | number;
  readonly toolName: string;
  readonly input?: unknown;
  readonly select?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly noCache?: boolean | null | undefined;
  readonly conversationContext?:
    | {
        readonly threadId?: string | null | undefined;
        readonly userQueryHistory?: ConversationContext["userQueryHistory"] | null | undefined;
      }
    | null
    | undefined;
  readonly userPreferences?: unknown;
}

/** A call of `executeTools`: other calls may refer to its result by its id. */
export interface NamedCallArgs extends ExecuteToolArgs {
  readonly id?: string | null | undefined;
}

export function executeTool(context: GraphqlContext, args: ExecuteToolArgs): Promise<ToolExecution> {
  const conversation = args.conversationContext;
  return context.execute({
    serverId: String(args.serverId),
    toolName: args.toolName,
    input: args.input ?? {},
    requestId: args.requestId ?? undefined,
    noCache: args.noCache ?? undefined,
    select: args.select ?? undefined,
    conversationContext: conversation
      ? {
          ...(conversation.threadId != null && { threadId: conversation.threadId }),
          ...(conversation.userQueryHistory && { userQueryHistory: conversation.userQueryHistory }),
        }
      : undefined,
    userPreferences: isObject(args.userPreferences) ? args.userPreferences : undefined,
  });
}

/**
 * Each call has one answer, in the order of the calls; inputs may refer to earlier results (docs/agents/data-flow-and-results.md).
 * Throws `VALIDATION_ERROR` before anything runs when the references cannot be followed.
 */
export async function executeTools(
  context: GraphqlContext,
  args: {
    readonly calls: readonly NamedCallArgs[];
    readonly mode?: "PARALLEL" | "SEQUENTIAL" | null | undefined;
    readonly stopOnError?: boolean | null | undefined;
  },
): Promise<ToolExecution[]> {
  const calls = args.calls.map((call) => ({
    call,
    id: call.id ?? undefined,
    serverId: String(call.serverId),
    toolName: call.toolName,
    input: call.input ?? {},
    requestId: call.requestId ?? undefined,
  }));
  const { view } = context;
  const { bodyBytes, concurrentCallsPerCaller } = view.generation.settings.gateway.limits;
  return runCalls({
    calls,
    mode: args.mode ?? "PARALLEL",
    stopOnError: args.stopOnError ?? false,
    maxInputLength: bodyBytes,
    maxRunning: concurrentCallsPerCaller,
    travelsTogether: ({ serverId, toolName }) => travelsTogether(view, serverId, toolName),
    inputField: "input",
    correlationId: context.correlationId,
    run: ({ call }, input) => executeTool(context, { ...call, input }),
  });
}
