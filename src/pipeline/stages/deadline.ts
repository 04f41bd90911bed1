/** Stage: ends the attempt when the call's time is up or the caller went away, whether or not the tool listens. */
import { CatalogueError } from "../../errors/catalogue-error.ts";
import { CALLER_GONE } from "../../registry/breaker-evidence.ts";
import type { Execution, Stage } from "../execution.ts";

/** `MCP_CONNECTION_ERROR` (504). `timeout_ms` of the server bounds the whole call, its retries included. */
export const deadline: Stage = (next) => (execution) =>
  new Promise((resolve, reject) => {
    const { server } = execution.target();
    const { timeoutMs } = server.settings;
    const callerSignal = execution.isDetached ? undefined : execution.call.signal;
    const controller = new AbortController();
    const giveUp = (error: CatalogueError) => {
      controller.abort(error);
      settle();
      reject(error);
    };
    const onCallerGone = () => giveUp(callerGone(callerSignal));
    const onTimeUp = () => {
      const error = timedOut(execution, timeoutMs);
      controller.abort(error);
      giveUp(neverReached(execution, timeoutMs) ?? error);
    };
    // The first attempt has the whole time: equal durations share one timer list.
    const isFirst = execution.attempts === 0 && !execution.hasWaited;
    const remainingMs = isFirst ? timeoutMs : Math.max(1, timeoutMs - execution.elapsedMs());
    const timer = setTimeout(onTimeUp, remainingMs);
    const settle = () => {
      clearTimeout(timer);
      callerSignal?.removeEventListener("abort", onCallerGone);
      execution.giveUp = undefined;
    };
    if (execution.isAbandoned) return onCallerGone();
    callerSignal?.addEventListener("abort", onCallerGone, { once: true });
    execution.giveUp = onCallerGone;
    execution.signal = controller.signal;
    next(execution).then(
      (output) => {
        settle();
        resolve(output);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });

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
export function callerGone(signal?: AbortSignal): CatalogueError {
  if (signal?.reason instanceof CatalogueError) return signal.reason;
  return new CatalogueError("MCP_CONNECTION_ERROR", "The caller went away before the server answered.", {
    status: 504,
    cause: CALLER_GONE,
  });
}
