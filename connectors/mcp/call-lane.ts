/** Tool calls to a process, past the SDK: written as they are, and their answers taken out before the SDK sees them. */
import { SdkError, SdkErrorCode, type CallToolResult } from "@modelcontextprotocol/client";
import type { CallContext, Cancellation, ToolRun } from "../../src/index.ts";
import { readAnswer } from "./read-answer.ts";
import { isObject, type Json } from "./repair-tool.ts";
import { tellProgress } from "./tell-progress.ts";

/** The SDK counts its own requests from zero. Some servers hold ids in 32 bits. */
const FIRST_ID = 1_000_000_000;
const LAST_ID = 2_147_483_647;
const ONCE = { once: true } as const;

export interface CallLaneOptions {
  /** Sends one message. Throws where there is nobody to send it to. */
  readonly write: (message: string) => void;
  /** Longest wait for an answer, milliseconds. */
  readonly timeoutMs: number;
  /** What every request of revision 2026-07-28 says of its sender; absent for older revisions. */
  readonly envelope: Json | undefined;
}

/**
 * The SDK checks each message against several schemas and sets up a timer, a controller and three maps for it, which costs
 * more than all else on the way to a process. Everything but tool calls stays with it.
 *
 * Spec: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation and …/progress
 */
export class CallLane {
  readonly #options: CallLaneOptions;
  /** In the order in which their time is up, since all have the same. */
  readonly #calls = new Map<number, WaitingCall>();
  #lastId = FIRST_ID - 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CallLaneOptions) {
    this.#options = options;
  }

  /** Fails with the `SdkError` or `ProtocolError` that the SDK's client would reject with. */
  call(tool: string, run: ToolRun): Promise<CallToolResult> {
    const signal = run.cancellation ?? run.signal;
    if (signal.aborted) throw timedOut(String(signal.reason));
    const id = this.#nextId();
    this.#options.write(this.#request(id, tool, run));
    const outcome = Promise.withResolvers<CallToolResult>();
    this.#calls.set(id, new WaitingCall(this, id, run, signal, outcome));
    this.#timer ??= this.#wakeAfter(this.#options.timeoutMs);
    return outcome.promise;
  }

  /** Takes what belongs to a call, also when nobody waits for it any more; false for what is the SDK's. */
  take(message: Json): boolean {
    if (message.method !== undefined) {
      return message.method === "notifications/progress" && isObject(message.params) && this.#progress(message.params);
    }
    const id = numberOf(message.id);
    if (!(id >= FIRST_ID)) return false;
    const call = this.#calls.get(id);
    if (call !== undefined) {
      this.#calls.delete(id);
      call.answer(message, this.#options.envelope !== undefined);
    }
    return true;
  }

  /** No more answers will come. */
  fail(reason: Error): void {
    clearTimeout(this.#timer);
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.fail(reason);
  }

  /** The caller does not wait any more: the server is told to stop, and what it still says is dropped. */
  cancel(call: WaitingCall, why: string): void {
    this.#calls.delete(call.id);
    const { write, envelope } = this.#options;
    const params = { requestId: call.id, reason: why, ...(envelope && { _meta: envelope }) };
    try {
      write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params }));
    } catch {
      // Nobody is left to stop.
    }
    call.fail(timedOut(why));
  }

  #nextId(): number {
    do this.#lastId = this.#lastId === LAST_ID ? FIRST_ID : this.#lastId + 1;
    while (this.#calls.has(this.#lastId));
    return this.#lastId;
  }

  #request(id: number, tool: string, { input, context }: ToolRun): string {
    const params: Json = { name: tool, arguments: input };
    const meta = metaOf(context, this.#options.envelope, id);
    if (meta) params._meta = meta;
    return JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
  }

  #progress(params: Json): boolean {
    const token = numberOf(params.progressToken);
    if (!(token >= FIRST_ID)) return false;
    this.#calls.get(token)?.progress(params);
    return true;
  }

  /** One timer for all calls: a timer for each costs more than its call's share of this one. */
  #wakeAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#endOverdue(), ms).unref();
  }

  #endOverdue(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const call of this.#calls.values()) {
      const leftMs = call.startedAt + this.#options.timeoutMs - now;
      if (leftMs > 0) {
        this.#timer = this.#wakeAfter(Math.ceil(leftMs));
        return;
      }
      this.cancel(call, "Request timed out");
    }
  }
}

/** One call that waits for its answer, and listens to its own signal. */
class WaitingCall {
  readonly id: number;
  readonly startedAt: number = performance.now();
  readonly #lane: CallLane;
  #signal: Cancellation | undefined;
  #run: ToolRun | undefined;
  #outcome: PromiseWithResolvers<CallToolResult> | undefined;

  constructor(
    lane: CallLane,
    id: number,
    run: ToolRun,
    signal: Cancellation,
    outcome: PromiseWithResolvers<CallToolResult>,
  ) {
    this.#lane = lane;
    this.id = id;
    this.#run = run;
    this.#outcome = outcome;
    this.#signal = signal;
    signal.addEventListener("abort", this, ONCE);
  }

  handleEvent(): void {
    this.#lane.cancel(this, String(this.#signal?.reason));
  }

  progress(told: Json): void {
    if (this.#run) tellProgress(this.#run.context, told);
  }

  answer(message: Json, isModern: boolean): void {
    const outcome = this.#end();
    try {
      outcome?.resolve(readAnswer(message, isModern));
    } catch (error) {
      outcome?.reject(error);
    }
  }

  fail(reason: Error): void {
    this.#end()?.reject(reason);
  }

  /** Lets go of everything: a map keeps for a while what it held when it grew. */
  #end(): PromiseWithResolvers<CallToolResult> | undefined {
    const outcome = this.#outcome;
    this.#signal?.removeEventListener("abort", this);
    this.#signal = undefined;
    this.#run = undefined;
    this.#outcome = undefined;
    return outcome;
  }
}

/** A server that is asked for progress may do more than one that is not. */
function metaOf(context: CallContext, envelope: Json | undefined, id: number): Json | undefined {
  const { trace } = context;
  if (context.hasListener === false) return trace ? { ...envelope, ...trace } : envelope;
  return { ...envelope, ...trace, progressToken: id };
}

function timedOut(why: string): SdkError {
  return new SdkError(SdkErrorCode.RequestTimeout, why);
}

/** Some servers send ids back as text. */
function numberOf(id: unknown): number {
  return typeof id === "string" ? Number(id) : typeof id === "number" ? id : Number.NaN;
}
