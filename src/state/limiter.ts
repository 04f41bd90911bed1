/** A limit on how many calls may come in a while, counted for each key. */
import type { Maybe } from "./state-store.ts";

export interface Limit {
  /** Tells limits apart: two limiters of one name count together. */
  readonly name: string;
  /** Most calls in one window. */
  readonly points: number;
  /** A window opens with a key's first call and lasts this long, milliseconds. */
  readonly windowMs: number;
}

export interface Limiter {
  /** Counts one call. 0 when it may go on, else the milliseconds until the next window. */
  take(key: string): Maybe<number>;
}

/**
 * A rate as a window: as many calls as may come at once, and as long as the rate needs for them, so that the average
 * holds. Calls at the end of one window and the start of the next may together be twice the burst.
 *
 * @example
 * windowOf({ perSecond: 5, burst: 10 }); // { points: 10, windowMs: 2000 }
 */
export function windowOf({ perSecond, burst }: { readonly perSecond: number; readonly burst?: number | undefined }): {
  readonly points: number;
  readonly windowMs: number;
} {
  const points = burst ?? Math.max(1, Math.ceil(perSecond));
  return { points, windowMs: Math.max(1, Math.round((1000 * points) / perSecond)) };
}
