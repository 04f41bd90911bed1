/** Limits counted in this process. */
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { Limit, Limiter } from "./limiter.ts";

export function memoryLimiter({ name, points, windowMs }: Limit): Limiter {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: windowMs / 1000 });
  // The library tells waits by the wall clock but ends windows by a timer: after a jump back only the timer is right.
  const wait = (refusal: RateLimiterRes) => Math.min(waitOf(refusal), windowMs);
  return { take: (key) => limiter.consume(key).then(free, wait) };
}

const free = (): number => 0;

/** A refusal says when the window ends. */
export function waitOf(refusal: RateLimiterRes): number {
  return Math.max(1, Math.ceil(refusal.msBeforeNext));
}
