/** One request to run one tool, in the same form whichever door it came through. */
import type { Caller } from "../auth/caller.ts";
import type { Cancellation } from "../cancellation.ts";
import type { ConversationContext, Progress } from "../connector/tool.ts";
import type { Trace } from "../telemetry/trace.ts";
import type { Batching } from "./batching.ts";

export interface ToolCall {
  /** The door it came through, for the log only: nothing may depend on it. */
  readonly door: "rest" | "graphql" | "mcp";
  readonly caller: Caller;
  readonly serverId: string;
  /** As the caller spelt it: bare, an alias, or prefixed with the type. */
  readonly toolName: string;
  readonly input: unknown;
  /** `X-Request-ID`: taken over or made at the door. */
  readonly correlationId: string;
  /** The caller's `request_id`: its key for exactly-once writes. */
  readonly requestId?: string | undefined;
  /** Asks the server even where an earlier result could be served. */
  readonly noCache?: boolean | undefined;
  /** JMESPath expression applied to the output before the caller sees it. */
  readonly select?: string | undefined;
  /** The door picks fields from the output itself: the limits of results do not apply, only the ceiling. */
  readonly isTyped?: boolean | undefined;
  /** The batches of the request this call is part of. */
  readonly batching?: Batching | undefined;
  readonly conversationContext?: ConversationContext | undefined;
  readonly userPreferences?: Readonly<Record<string, unknown>> | undefined;
  /** Until when the caller waits, on the clock of `performance.now()`; `signal` fires then. */
  readonly deadlineAt?: number | undefined;
  /** The trace it belongs to. */
  readonly trace?: Trace | undefined;
  /** Fires when the caller went away, or its time is up. */
  readonly signal?: Cancellation | undefined;
  readonly onProgress?: ((progress: Progress, executionId: string) => void) | undefined;
}
