/** A limit on how many calls may come in a while, counted for each key. */
import type { Maybe } from "./state-store.ts";

export interface Limit {
  /** Tells limits apart: limiters of one name, number and window count together. */
  readonly name: string;
  /** Most calls in any stretch of time as long as the window. */
  readonly points: number;
  /** Milliseconds. The window slides: it has no edge at which twice as many could pass. */
  readonly windowMs: number;
}

export interface Limiter {
  /** Counts one call. 0 when it may go on, else the milliseconds until the next one may; a refused call is not counted. */
  take(key: string): Maybe<number>;
}

/** The name of a limit with its numbers: another number is another limit, which begins anew. */
export function nameOf({ name, points, windowMs }: Limit): string {
  return `${name}:${points}:${windowMs}`;
}

/**
 * A rate as a window: as many calls as may come at once, and as long as the rate needs for them, so that no stretch of
 * that length holds more, and the rate holds on average.
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
