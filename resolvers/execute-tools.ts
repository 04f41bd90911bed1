/** `executeTool` and `executeTools`: calls by name. A failed tool is an answer; nothing is thrown for it. */
import type { ConversationContext } from "../src/connector/tool.ts";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
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

/** The answers keep the order of the calls. With `stopOnError` a sequence ends at its first failure: later calls have no answer. */
export async function executeTools(
  context: GraphqlContext,
  args: {
    readonly calls: readonly ExecuteToolArgs[];
    readonly mode: "PARALLEL" | "SEQUENTIAL";
    readonly stopOnError: boolean;
  },
): Promise<ToolExecution[]> {
  if (args.mode === "PARALLEL") return Promise.all(args.calls.map((call) => executeTool(context, call)));
  const executions: ToolExecution[] = [];
  for (const call of args.calls) {
    const execution = await executeTool(context, call);
    executions.push(execution);
    if (args.stopOnError && execution.status === "error") break;
  }
  return executions;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
