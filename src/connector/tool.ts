/** A tool as every part of the gateway sees it, whether an author wrote it or a server announced it at run time. */
import type { Cancellation } from "../cancellation.ts";
import type { HttpClient } from "./http-client.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What a tool does to the world: decides Query or Mutation, caching, retries and the MCP hints. */
export type Effect = "read" | "write" | "destructive";

/** One fault of a tool's input: where it is, what is wrong, and what was expected. */
export interface InputProblem {
  /** Property path from the input's root, for example `["fields", 0]`. */
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly expected?: string;
}

/** A tool's input after its schema was applied, with defaults filled in, or every fault found. */
export type ParsedInput =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

export interface ToolExample {
  readonly title?: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
}

/** What a caller told about the conversation that the call belongs to; a connector uses what applies. */
export interface ConversationContext {
  readonly threadId?: string;
  readonly userQueryHistory?: readonly { readonly role: string; readonly content: string }[];
}

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** What surrounds one call: identity of the request, the conversation, and the way back for progress. */
export interface CallContext {
  /** Correlation id; goes upstream as `X-Request-ID`. */
  readonly requestId: string;
  /**
   * Key to send with a write of a tool that declares `idempotent`: the same for every attempt, and for every call of
   * this caller with the same `request_id`. Not the `request_id` itself, which another caller may use as well.
   */
  readonly idempotencyKey?: string | undefined;
  readonly conversation?: ConversationContext | undefined;
  readonly userPreferences?: Readonly<Record<string, unknown>> | undefined;
  /** Headers of W3C Trace Context (`traceparent`, `tracestate`) for servers that are not reached by `http`. */
  readonly trace?: Readonly<Record<string, string>> | undefined;
  /** False when nobody can hear of progress: a server then need not be asked for it. */
  readonly hasListener?: boolean | undefined;
  /** Tells a waiting caller how far the work is; does nothing when nobody listens. */
  reportProgress(progress: Progress): void;
}

/** What a running tool is given. */
export interface ToolRun<I = unknown> {
  /** The input, already valid. */
  readonly input: I;
  /** HTTP client bound to the server: base URL, credential, deadline and request id are its business. */
  readonly http: HttpClient;
  /** Fires when the caller went away or the deadline passed. */
  readonly signal: AbortSignal;
  /** Fires with `signal`; for connectors that do without the cost of an AbortSignal for each call. */
  readonly cancellation?: Cancellation;
  readonly context: CallContext;
}

/** Many equal calls answered by one upstream request: an answer, or a catalogue error, for each input, in their order. */
export interface ToolBatch {
  /** Most inputs one upstream request may hold. */
  readonly maxSize: number;
  run(
    run: Omit<ToolRun, "input"> & { readonly inputs: readonly unknown[] },
  ): readonly unknown[] | Promise<readonly unknown[]>;
}

export interface Tool {
  /** The tool's own name, as its server or author spells it. */
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly effect: Effect;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly examples: readonly ToolExample[];
  /** What an operator should know of this tool, for example a schema that had to be repaired. */
  readonly diagnostics: readonly string[];
  /** Milliseconds a result of this read may be served again; not cached when absent. */
  readonly cacheTtlMs?: number;
  /** Does the server honour an idempotency key, so that a write may be sent twice? */
  readonly idempotent?: boolean;
  readonly batch?: ToolBatch;
  /** Checks the input and fills in defaults. Never throws. */
  parseInput(input: unknown): ParsedInput;
  /** Checks the output and drops what the schema does not know. Throws `DATA_TRANSFORMATION_ERROR`. */
  parseOutput?(output: unknown): unknown;
  /** Does the work: plain JSON data or a catalogue error, as a promise or at once. */
  run(run: ToolRun): unknown;
}
