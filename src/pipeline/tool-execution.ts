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
  /** The output before `select` and limits: what other calls of the request refer to. */
  readonly fullOutput: unknown;
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
  /** The output was too large: `output` says so, and the whole is kept under this id. */
  readonly resultId: string | undefined;
  /** Bytes the server answered for this call: 0 when nothing was asked of it, a share where calls travelled together. */
  readonly bytesReceived: number;
  /** Bytes of the output's JSON as the caller gets it. */
  readonly bytesReturned: number;
}
