/** Limits counted in this process: the times of a key's last calls, so that a call pays for one comparison and no timer. */
import type { Limit, Limiter } from "./limiter.ts";

/** Keys that are looked over at once for those that no longer count. */
const FIRST_SWEEP = 1_000;

/** Times of a key's calls, on the clock of `performance.now()`; the oldest is overwritten by the next. */
interface Calls {
  readonly times: number[];
  next: number;
}

export class MemoryLimiter implements Limiter {
  readonly #points: number;
  readonly #windowMs: number;
  readonly #calls = new Map<string, Calls>();
  #sweepAt = FIRST_SWEEP;

  constructor({ points, windowMs }: Omit<Limit, "name">) {
    this.#points = points;
    this.#windowMs = windowMs;
  }

  take(key: string): number {
    const now = performance.now();
    let calls = this.#calls.get(key);
    if (!calls) {
      if (this.#calls.size >= this.#sweepAt) this.#sweep(now);
      this.#calls.set(key, (calls = { times: [], next: 0 }));
    }
    const { times, next } = calls;
    // The call that this one would come `points` after; there is none in the first round.
    const oldest = times[next];
    if (oldest !== undefined && oldest + this.#windowMs > now)
      return Math.max(1, Math.ceil(oldest + this.#windowMs - now));
    times[next] = now;
    calls.next = next + 1 === this.#points ? 0 : next + 1;
    return 0;
  }

  /** Forgets keys whose last call has left the window. */
  #sweep(now: number): void {
    for (const [key, { times, next }] of this.#calls) {
      const last = times.at(next - 1) ?? 0;
      if (last + this.#windowMs <= now) this.#calls.delete(key);
    }
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#calls.size);
  }
}
