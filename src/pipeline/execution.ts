/** The running state of one tool call: what each stage of the pipeline finds out, for the stages after it. */
import { randomUUID } from "node:crypto";
import type { ParsedInput, Tool } from "../connector/tool.ts";
import type { Generation } from "../registry/generation.ts";
import type { ServerEntry } from "../registry/server-entry.ts";
import type { View } from "../registry/view.ts";
import type { Seat } from "./batching.ts";
import type { RunningCalls } from "./stages/caller-limits.ts";
import type { Attempt } from "./stages/deadline.ts";
import type { ToolCall } from "./tool-call.ts";

/** One step of the pipeline: resolves with the tool's output or rejects with a catalogue error. */
export type Step = (execution: Execution) => Promise<unknown>;

/** A stage wraps the step that follows it. Composed once at start-up, so a call pays for no composition. */
export type Stage = (next: Step) => Step;

export class Execution {
  readonly id: string = randomUUID();
  readonly startedAt: number = performance.now();
  readonly call: ToolCall;
  readonly generation: Generation;
  readonly view: View;
  /** It was counted against its caller's rate when its request was admitted. */
  readonly isPrepaid: boolean;
  /** Set by `resolve`. */
  server: ServerEntry | undefined;
  tool: Tool | undefined;
  /** Set by `resolve` (configured defaults merged) and `validate` (the schema's defaults filled in). */
  input: unknown;
  /** Where it counts as one of its caller's running calls. Set by `callerLimits`. */
  running: RunningCalls | undefined;
  /** The input against the tool's schema. Set by `authorise`, judged by `validate`. */
  parsed: ParsedInput | undefined;
  /** The running attempt; ends when the caller goes away or its time is up. Set by `deadline`. */
  attempt: Attempt | undefined;
  /** How often the server was asked. */
  attempts = 0;
  /** The output was read by an earlier call, this many milliseconds ago. */
  cached = false;
  ageMs: number | undefined;
  /** The outcome is that of an earlier call with the same `request_id`. */
  replayed = false;
  /** Goes to the server with a write it promises not to do twice. Set by `exactlyOnce`. */
  idempotencyKey: string | undefined;
  /** The call goes on when its caller leaves: others wait for it, or its outcome is to be known. */
  isDetached = false;
  /** Of a detached call: the last one that waited for it has left. */
  isDeserted = false;
  /** It stood in a queue, so that its time is no longer whole. */
  hasWaited = false;
  /** Of a call that travels with others: tells them that nobody waits for it any more. Set by its batch. */
  leaveBatch: (() => void) | undefined;
  /** This read's place among those of its request that may travel together. Set by `takeSeat`. */
  seat: Seat | undefined;
  /** Inputs of several calls that this execution carries; its output is then a list. */
  batch: readonly unknown[] | undefined;
  /** How many calls shared the request to the server. */
  batchSize: number | undefined;
  /** Bytes of the server's answers, on the wire; of the JSON where they did not come over HTTP. */
  bytesReceived = 0;
  /** HTTP requests of the running attempt: how many the tool asked for, and how many surely never went out. */
  requestsBegun = 0;
  requestsNeverSent = 0;
  /** The output before `select` and limits. Set by `shape`, as is all below. */
  fullOutput: unknown;
  outputJson: string | undefined;
  bytesReturned = 0;
  /** Under which the output was kept, being too large to hand over. */
  resultId: string | undefined;
  /** A sentence for the answer's message. */
  note: string | undefined;

  constructor(call: ToolCall, generation: Generation, view: View, isPrepaid = false) {
    this.isPrepaid = isPrepaid;
    this.call = call;
    this.generation = generation;
    this.view = view;
    this.input = call.input;
  }

  /** Milliseconds since the call arrived. */
  elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** Is nobody left to hear the answer? */
  get isAbandoned(): boolean {
    return this.isDetached ? this.isDeserted : this.call.signal?.aborted === true;
  }

  /** Nobody waits for the outcome any more: ends what runs for it. */
  giveUp(): void {
    this.leaveBatch?.();
    this.attempt?.giveUp();
  }

  /** The server and tool, for stages after `resolve`. */
  target(): { server: ServerEntry; tool: Tool } {
    if (!this.server || !this.tool) throw new Error("invariant: this stage runs after resolve");
    return { server: this.server, tool: this.tool };
  }
}
