/** What a resolver gets: who asks, what they may see, and the one way to run a tool. */
import type { Caller } from "../../auth/caller.ts";
import type { Admission, Gateway } from "../../gateway.ts";
import type { ToolCall } from "../../pipeline/tool-call.ts";
import type { ToolExecution } from "../../pipeline/tool-execution.ts";
import type { ServerEntry } from "../../registry/server-entry.ts";
import type { View } from "../../registry/view.ts";
import type { Tool } from "../../connector/tool.ts";

/** Texts about a tool that depend on where it sits in the graph. */
export interface ToolTexts {
  /** The smallest text an agent needs to call it. */
  signature(server: ServerEntry, tool: Tool): string;
  /** A complete operation that runs as it stands. */
  example(server: ServerEntry, tool: Tool): string;
  /** What could not be typed, and why. */
  diagnostics(server: ServerEntry, tool: Tool): readonly string[];
}

export interface GraphqlContext {
  readonly caller: Caller;
  readonly view: View;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  /** Runs one tool through the pipeline. Never rejects. */
  execute(
    call: Pick<
      ToolCall,
      "serverId" | "toolName" | "input" | "requestId" | "noCache" | "select" | "conversationContext" | "userPreferences"
    >,
  ): Promise<ToolExecution>;
}

export function createGraphqlContext(options: {
  readonly gateway: Gateway;
  readonly admission: Admission;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  readonly signal: AbortSignal | undefined;
}): GraphqlContext {
  const { gateway, admission, correlationId, texts, signal } = options;
  return {
    caller: admission.caller,
    view: admission.view,
    correlationId,
    texts,
    execute: (call) =>
      gateway.run({ ...call, door: "graphql", caller: admission.caller, correlationId, signal }, admission),
  };
}
