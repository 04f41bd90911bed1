/** Tells a caller how far its own running calls are, whichever door they came through. */
import { callerKey, type Caller } from "../auth/caller.ts";
import type { Progress } from "../connector/tool.ts";
import type { ToolCall } from "../pipeline/tool-call.ts";
import type { ToolExecution } from "../pipeline/tool-execution.ts";
import type { EventStream } from "./event-stream.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** How far one call is; the last one of a call has a status. */
export interface ProgressEvent {
  readonly executionId: string;
  readonly requestId: string | undefined;
  readonly serverId: string;
  readonly toolName: string;
  readonly progress: number | undefined;
  readonly total: number | undefined;
  readonly message: string | undefined;
  readonly status: "success" | "error" | undefined;
}

/** Longest a subscription lasts, milliseconds: one for a call that never comes ends, too. */
const LONGEST_MS = 15 * 60_000;

interface Running {
  /** The last that was told of it, for those who subscribe late. */
  latest: ProgressEvent | undefined;
}

export class ProgressHub {
  readonly #subscriptions: Subscriptions;
  readonly #subscribers = new Map<string, Set<EventStream<ProgressEvent>>>();
  readonly #running = new Map<string, Running>();

  constructor(subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
  }

  /**
   * Listens to one of the caller's own calls, by its execution id or by the `requestId` it was or will be sent with.
   * Calls of others are as unknown as those that are yet to come. `RATE_LIMIT_EXCEEDED`.
   */
  subscribe(caller: Caller, id: string): EventStream<ProgressEvent> {
    const key = keyOf(caller, id);
    const stream = this.#subscriptions.open<ProgressEvent>(
      caller,
      () => {
        const others = this.#subscribers.get(key);
        others?.delete(stream);
        if (others?.size === 0) this.#subscribers.delete(key);
      },
      LONGEST_MS,
    );
    const others = this.#subscribers.get(key) ?? new Set();
    this.#subscribers.set(key, others.add(stream));
    const latest = this.#running.get(key)?.latest;
    if (latest) stream.push(latest);
    return stream;
  }

  /** Runs a call and tells its listeners. Nobody can know of one without a request id before it has ended. */
  follow(call: ToolCall, run: (call: ToolCall) => Promise<ToolExecution>): Promise<ToolExecution> {
    if (call.requestId === undefined && !call.onProgress) return run(call);
    const running: Running = { latest: undefined };
    const keys: string[] = [];
    const listen = (id: string): boolean => {
      const key = keyOf(call.caller, id);
      // The same request id again while the first call runs: its listeners hear the first.
      if (this.#running.has(key)) return false;
      this.#running.set(key, running);
      return keys.push(key) > 0;
    };
    const isOwn = call.requestId !== undefined && listen(call.requestId);
    let outcome: Promise<ToolExecution> | undefined;
    let isOver = false;
    const finishAfter = (): void => void outcome?.then(finish);
    outcome = run({
      ...call,
      onProgress: (progress, executionId) => {
        // A tool may go on after its time was up; the next call with this request id must not hear of it.
        if (isOver) return;
        call.onProgress?.(progress, executionId);
        if (!running.latest && listen(executionId) && !isOwn) finishAfter();
        running.latest = eventOf(call, executionId, progress);
        this.#tell(keys, running.latest);
      },
    });
    const finish = (execution: ToolExecution): void => {
      isOver = true;
      for (const key of keys) this.#running.delete(key);
      const { executionId, status, toolName } = execution;
      const done = { ...(running.latest ?? eventOf(call, executionId)), executionId, toolName, status };
      this.#tell(keys, done, true);
    };
    // A tool may report before it has returned a promise.
    if (running.latest && !isOwn) finishAfter();
    return isOwn ? outcome.then((execution) => (finish(execution), execution)) : outcome;
  }

  #tell(keys: readonly string[], event: ProgressEvent, isLast = false): void {
    for (const key of keys) {
      for (const stream of this.#subscribers.get(key) ?? []) {
        stream.push(event);
        if (isLast) stream.end();
      }
    }
  }
}

function keyOf(caller: Caller, id: string): string {
  return `${callerKey(caller)} ${id}`;
}

function eventOf(call: ToolCall, executionId: string, progress?: Progress): ProgressEvent {
  return {
    executionId,
    requestId: call.requestId,
    serverId: call.serverId,
    toolName: call.toolName,
    progress: progress?.progress,
    total: progress?.total,
    message: progress?.message,
    status: undefined,
  };
}
