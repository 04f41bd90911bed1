/** Stage: holds each caller to its own limits. What counts is the tool call, however many of them one request carries. */
import { callerKey } from "../../auth/caller.ts";
import type { LimitSettings } from "../../config/settings.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import { type Limiter, windowOf } from "../../state/limiter.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Stage } from "../execution.ts";

/** Told to a caller that has to wait for its own calls, milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** `RATE_LIMIT_EXCEEDED`. Calls that run at the same time are counted in this process, the rate wherever the state is. */
export function callerLimits(state: Pick<StateStore, "limiter">): Stage {
  const limiters = new WeakMap<LimitSettings, Limiter>();
  const running = new Map<string, number>();
  return (next) => async (execution) => {
    const { limits } = execution.generation.settings.gateway;
    const key = callerKey(execution.call.caller);
    const before = running.get(key) ?? 0;
    // Reads that travel together are one call to the server: the first of them counts.
    const counted = execution.seat?.isCompanion ? 0 : 1;
    if (counted > 0 && before >= limits.concurrentCallsPerCaller) {
      throw refusal(`You have ${before} calls running, as many as you may.`, ASK_AGAIN_MS);
    }
    running.set(key, before + counted);
    try {
      let limiter = limiters.get(limits);
      if (!limiter) limiters.set(limits, (limiter = limiterOf(limits, state)));
      const waitMs = await limiter.take(key);
      if (waitMs > 0) throw refusal(`You may send ${limits.requestsPerSecond} calls a second.`, waitMs);
      return await next(execution);
    } finally {
      const after = (running.get(key) ?? 0) - counted;
      if (after === 0) running.delete(key);
      else running.set(key, after);
    }
  };
}

function limiterOf({ requestsPerSecond, burstLimit }: LimitSettings, state: Pick<StateStore, "limiter">): Limiter {
  const window = windowOf({ perSecond: requestsPerSecond, burst: burstLimit });
  return state.limiter({ name: `caller:${window.points}:${window.windowMs}`, ...window });
}

function refusal(message: string, retryAfterMs: number): CatalogueError {
  return new CatalogueError("RATE_LIMIT_EXCEEDED", message, { retryAfterMs, acted: "no" });
}
