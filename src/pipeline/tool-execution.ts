/** What came of one tool call: the same facts for every door, each of which only spells them. */
import type { Effect } from "../connector/tool.ts";
import type { CatalogueError } from "../errors/catalogue-error.ts";

export interface ToolExecution {
  readonly status: "success" | "error";
  readonly serverId: string;
  /** The tool's own name once it was resolved, else what the caller sent. */
  readonly toolName: string;
  /** Known once the tool was resolved. */
  readonly effect: Effect | undefined;
  readonly output: unknown;
  /** The output as JSON text, so that no door has to serialise it again. */
  readonly outputJson: string | undefined;
  readonly message: string;
  readonly error: CatalogueError | undefined;
  /** The caller's `request_id`, or the correlation id when it sent none. */
  readonly originalRequestId: string;
  readonly executionId: string;
  readonly durationMs: number;
  /** How often the server was asked: 0 when the call never got there. */
  readonly attempts: number;
  /** The output was read by an earlier call, `ageMs` milliseconds ago. */
  readonly cached: boolean;
  readonly ageMs: number | undefined;
  /** The outcome is that of an earlier call with the same `request_id`; nothing was done again. */
  readonly replayed: boolean;
}
