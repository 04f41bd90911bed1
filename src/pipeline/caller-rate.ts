/** How fast each caller may go: requests and tool calls count, whichever door they come through, not HTTP posts. */
import { callerKey, type Caller } from "../auth/caller.ts";
import type { LimitSettings } from "../config/settings.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { type Limiter, windowOf } from "../state/limiter.ts";
import type { StateStore } from "../state/state-store.ts";

export class CallerRate {
  readonly #state: Pick<StateStore, "limiter">;
  readonly #limiters = new WeakMap<LimitSettings, Limiter>();

  constructor(state: Pick<StateStore, "limiter">) {
    this.#state = state;
  }

  /** Counts one, at once or, where the state is shared, after asking. `RATE_LIMIT_EXCEEDED` with the wait. */
  count(caller: Caller, limits: LimitSettings): undefined | Promise<void> {
    let limiter = this.#limiters.get(limits);
    if (!limiter) this.#limiters.set(limits, (limiter = this.#open(limits)));
    const waitMs = limiter.take(callerKey(caller));
    if (typeof waitMs !== "number") return waitMs.then((shared) => refuse(shared, limits));
    refuse(waitMs, limits);
    return undefined;
  }

  #open({ requestsPerSecond, burstLimit }: LimitSettings): Limiter {
    return this.#state.limiter({
      name: "caller",
      ...windowOf({ perSecond: requestsPerSecond, burst: burstLimit }),
    });
  }
}

function refuse(retryAfterMs: number, { requestsPerSecond }: LimitSettings): void {
  if (retryAfterMs === 0) return;
  const message = `You may send ${requestsPerSecond} requests and tool calls a second.`;
  throw new CatalogueError("RATE_LIMIT_EXCEEDED", message, { retryAfterMs, acted: "no" });
}
