/** Stage: tries again where that is safe, by the tool's effect and never by a number in the tool. */
import { setTimeout as sleep } from "node:timers/promises";
import { signalOf, type Cancellation } from "../../cancellation.ts";
import type { Tool } from "../../connector/tool.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { Execution, Stage } from "../execution.ts";

const LONGEST_BACKOFF_MS = 30_000;
const TRANSIENT_STATUSES: ReadonlySet<number | undefined> = new Set([502, 503, 504, undefined]);

export interface RetryParts {
  /** Told each attempt's error. */
  readonly hear: (error: unknown, execution: Execution) => void;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Resolves after that many milliseconds; rejects when the signal fires first. */
  readonly wait: (milliseconds: number, signal: Cancellation | undefined) => Promise<unknown>;
}

/**
 * Exponential backoff with full jitter (a random wait up to the doubled base), after `Retry-After` where there is one, all
 * inside the call's own time: a wait that does not fit is not begun, and the caller gets the error with the wait in it.
 * Neither is one that the server's retry budget does not cover, or while its circuit is not closed: a probe is one try.
 */
export function createRetry({ hear, random, wait }: RetryParts): Stage {
  return (next) => {
    const again = async (first: unknown, execution: Execution): Promise<unknown> => {
      const { server, tool } = execution.target();
      const { retryPolicy, timeoutMs } = server.settings;
      const { retryBudget, breaker } = server.runtime;
      let error = first;
      for (let attempt = 1; ; attempt += 1) {
        hear(error, execution);
        if (attempt >= retryPolicy.maxAttempts || execution.isAbandoned || !mayRetry(error, tool)) throw error;
        const ceilingMs = Math.min(retryPolicy.backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
        const waitMs = ((error as CatalogueError).retryAfterMs ?? 0) + random() * ceilingMs;
        const endsAt = Math.min(execution.startedAt + timeoutMs, callerDeadline(execution));
        if (performance.now() + waitMs >= endsAt || breaker.state !== "closed" || !retryBudget.take()) throw error;
        try {
          await wait(waitMs, execution.isDetached ? undefined : execution.call.signal);
        } catch {
          throw error;
        }
        try {
          return await next(execution);
        } catch (another) {
          error = another;
        }
      }
    };
    return (execution) => {
      execution.target().server.runtime.retryBudget.countCall();
      return next(execution).catch((error: unknown) => again(error, execution));
    };
  };
}

/** With real chance and real time. */
export function retry(hear: RetryParts["hear"]): Stage {
  return createRetry({
    hear,
    random: Math.random,
    wait: (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal: signalOf(signal) }),
  });
}

/** A call that others wait for has the server's whole time. */
function callerDeadline({ isDetached, call }: Execution): number {
  return isDetached ? Infinity : (call.deadlineAt ?? Infinity);
}

/**
 * Reads, and writes that the server promises not to do twice: connection faults, 429 and 502/503/504. Other writes: only
 * when the server certainly did not act.
 */
function mayRetry(error: unknown, tool: Pick<Tool, "effect" | "idempotent">): boolean {
  const isRepeatable = tool.effect === "read" || tool.idempotent === true;
  if (!(error instanceof CatalogueError) || !error.isRetryable(isRepeatable ? "read" : tool.effect)) return false;
  switch (error.code) {
    case "MCP_CONNECTION_ERROR":
    case "MCP_RATE_LIMIT_EXCEEDED":
      return isRepeatable || error.acted === "no";
    case "MCP_SERVER_ERROR":
      return isRepeatable ? TRANSIENT_STATUSES.has(error.serverStatusCode) : error.acted === "no";
    case "MCP_CLIENT_ERROR":
      return error.acted === "no";
    default:
      return false;
  }
}
