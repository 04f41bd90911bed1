/** `X-Request-Timeout-Ms`: how long the caller waits for its answer. It shortens what the server allows, never lengthens it. */
import { Canceller, type Cancellation } from "../cancellation.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { validationError } from "../errors/validation-error.ts";
import { CALLER_GONE } from "../registry/breaker-evidence.ts";

const MAX_MS = 600_000;

export interface CallerDeadline {
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Fires with a catalogue error (504) as its reason when the time is up, or as the caller's own signal does when it leaves. */
  readonly signalWith: (callerSignal: Cancellation | undefined) => Cancellation;
}

/** `VALIDATION_ERROR` when it is no whole number of milliseconds from 1 to 600000. */
export function callerDeadline(header: string): CallerDeadline {
  const milliseconds = /^\d{1,6}$/.test(header) ? Number(header) : 0;
  if (milliseconds < 1 || milliseconds > MAX_MS) {
    throw validationError("The request", [
      {
        path: "X-Request-Timeout-Ms",
        problem: "is not a time to wait",
        expected: `a whole number of milliseconds from 1 to ${MAX_MS}`,
      },
    ]);
  }
  const deadlineAt = performance.now() + milliseconds;
  let signal: Cancellation | undefined;
  return {
    deadlineAt,
    // Every call of a request has the same caller, so they share one signal and one timer.
    signalWith: (callerSignal) => (signal ??= signalAt(deadlineAt, milliseconds, callerSignal)),
  };
}

function signalAt(deadlineAt: number, milliseconds: number, callerSignal: Cancellation | undefined): Cancellation {
  const call = new Canceller();
  const remainingMs = deadlineAt - performance.now();
  if (remainingMs <= 0) {
    call.abort(timeIsUp(milliseconds));
    return call;
  }
  const timer = setTimeout(() => call.abort(timeIsUp(milliseconds)), remainingMs);
  timer.unref();
  const leave = () => {
    clearTimeout(timer);
    call.abort(callerSignal?.reason);
  };
  if (callerSignal?.aborted) leave();
  else callerSignal?.addEventListener("abort", leave, { once: true });
  return call;
}

/** The caller's own bound says nothing about the server's health. */
function timeIsUp(milliseconds: number): CatalogueError {
  return new CatalogueError(
    "MCP_CONNECTION_ERROR",
    `The server did not answer within the ${milliseconds} ms that X-Request-Timeout-Ms allows.`,
    { status: 504, cause: CALLER_GONE },
  );
}
