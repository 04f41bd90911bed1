/** Stage: ends the attempt when the call's time is up or the caller went away, whether or not the tool listens. */
import { Canceller, type Cancellation } from "../../cancellation.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import { CALLER_GONE } from "../../registry/breaker-evidence.ts";
import type { Execution, Stage } from "../execution.ts";

/** `MCP_CONNECTION_ERROR` (504). `timeout_ms` of the server bounds the whole call, its retries included. */
export const deadline: Stage = (next) => (execution) =>
  new Promise((resolve, reject) => {
    const attempt = new Attempt(execution, reject);
    if (attempt.aborted) return;
    next(execution).then(
      (output) => {
        attempt.settle();
        resolve(output);
      },
      (error: unknown) => {
        attempt.settle();
        reject(error);
      },
    );
  });

/** One try of a call: cancels the tool's work when there is no point in it any more. */
export class Attempt extends Canceller {
  readonly #execution: Execution;
  readonly #reject: (error: CatalogueError) => void;
  readonly #callerSignal: Cancellation | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(execution: Execution, reject: (error: CatalogueError) => void) {
    super();
    this.#execution = execution;
    this.#reject = reject;
    this.#callerSignal = execution.isDetached ? undefined : execution.call.signal;
    if (execution.isAbandoned) {
      this.giveUp();
      return;
    }
    const { timeoutMs } = execution.target().server.settings;
    // The first attempt has the whole time: equal durations share one timer list.
    const isFirst = execution.attempts === 0 && !execution.hasWaited;
    this.#timer = setTimeout(onTimeUp, isFirst ? timeoutMs : Math.max(1, timeoutMs - execution.elapsedMs()), this);
    this.#callerSignal?.addEventListener("abort", this, ONCE);
    execution.attempt = this;
  }

  /** Nobody waits for it any more. */
  giveUp(): void {
    this.end(callerGone(this.#callerSignal));
  }

  /** The caller went away. */
  handleEvent(): void {
    this.giveUp();
  }

  timeUp(): void {
    const execution = this.#execution;
    const { timeoutMs } = execution.target().server.settings;
    const error = timedOut(execution, timeoutMs);
    this.abort(error);
    this.end(neverReached(execution, timeoutMs) ?? error);
  }

  end(error: CatalogueError): void {
    this.abort(error);
    this.settle();
    this.#reject(error);
  }

  settle(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener("abort", this);
    if (this.#execution.attempt === this) this.#execution.attempt = undefined;
  }
}

const ONCE = { once: true };

function onTimeUp(attempt: Attempt): void {
  attempt.timeUp();
}

/** A server that never accepted the connection: not even a write can have happened. Known once the attempt was aborted. */
function neverReached(execution: Execution, timeoutMs: number): CatalogueError | undefined {
  const { requestsBegun, requestsNeverSent } = execution;
  if (requestsBegun === 0 || requestsNeverSent < requestsBegun) return undefined;
  const { server } = execution.target();
  return new CatalogueError(
    "MCP_CONNECTION_ERROR",
    `Server '${server.id}' could not be reached within ${timeoutMs} ms; nothing was sent.`,
    { status: 504, acted: "no" },
  );
}

function timedOut(execution: Execution, timeoutMs: number): CatalogueError {
  const { server, tool } = execution.target();
  return new CatalogueError(
    "MCP_CONNECTION_ERROR",
    `Server '${server.id}' did not answer ${tool.name} within ${timeoutMs} ms.`,
    {
      status: 504,
    },
  );
}

/** `signal` is the caller's: it says whether the caller left, or gave the call only so much time. */
export function callerGone(signal?: Cancellation): CatalogueError {
  if (signal?.reason instanceof CatalogueError) return signal.reason;
  return new CatalogueError("MCP_CONNECTION_ERROR", "The caller went away before the server answered.", {
    status: 504,
    cause: CALLER_GONE,
  });
}
