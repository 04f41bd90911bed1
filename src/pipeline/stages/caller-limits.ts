/** Stage: holds each caller to its own limits. What counts is the tool call, however many of them one request carries. */
import { callerKey } from "../../auth/caller.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { StateStore } from "../../state/state-store.ts";
import { CallerRate } from "../caller-rate.ts";
import type { Stage } from "../execution.ts";

/** Told to a caller that has to wait for its own calls, milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** `RATE_LIMIT_EXCEEDED`. Calls that run at the same time are counted in this process, the rate wherever the state is. */
export function callerLimits(state: Pick<StateStore, "limiter">): Stage {
  const rate = new CallerRate(state);
  const running = new Map<string, number>();
  return (next) => async (execution) => {
    const { limits } = execution.generation.settings.gateway;
    const key = callerKey(execution.call.caller);
    const before = running.get(key) ?? 0;
    // Reads that travel together are one call to the server: the first of them counts.
    const counted = execution.seat?.isCompanion ? 0 : 1;
    if (counted > 0 && before >= limits.concurrentCallsPerCaller) {
      throw new CatalogueError("RATE_LIMIT_EXCEEDED", `You have ${before} calls running, as many as you may.`, {
        retryAfterMs: ASK_AGAIN_MS,
        acted: "no",
      });
    }
    running.set(key, before + counted);
    try {
      const counting = execution.isPrepaid ? undefined : rate.count(execution.call.caller, limits);
      if (counting) await counting;
      return await next(execution);
    } finally {
      const after = (running.get(key) ?? 0) - counted;
      if (after === 0) running.delete(key);
      else running.set(key, after);
    }
  };
}
