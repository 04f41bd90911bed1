/** Stage: tries again where that is safe, by the tool's effect and never by a number in the tool. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Tool } from "../../connector/tool.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { Stage } from "../execution.ts";

const LONGEST_BACKOFF_MS = 30_000;
const TRANSIENT_STATUSES: ReadonlySet<number | undefined> = new Set([502, 503, 504, undefined]);

/**
 * Exponential backoff with full jitter (a random wait up to the doubled base), at least `Retry-After`, all inside the
 * call's own time: a wait that does not fit is not begun, and the caller gets the error with the wait in it.
 */
export const retry: Stage = (next) => async (execution) => {
  const { server, tool } = execution.target();
  const { maxAttempts, backoffMs } = server.settings.retryPolicy;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await next(execution);
    } catch (error) {
      if (attempt >= maxAttempts || execution.isAbandoned || !mayRetry(error, tool)) throw error;
      const ceilingMs = Math.min(backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
      const waitMs = Math.max(Math.random() * ceilingMs, (error as CatalogueError).retryAfterMs ?? 0);
      if (execution.elapsedMs() + waitMs >= server.settings.timeoutMs) throw error;
      try {
        const signal = execution.isDetached ? undefined : execution.call.signal;
        await sleep(waitMs, undefined, signal ? { signal } : undefined);
      } catch {
        throw error;
      }
    }
  }
};

/**
 * Reads, and writes that the server promises not to do twice: connection faults, 429 and 502/503/504. Other writes: only
 * when the server certainly did not act.
 */
export function mayRetry(error: unknown, tool: Pick<Tool, "effect" | "idempotent">): boolean {
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
