/** Limits that all replicas count together; while Redis is gone, each counts its own. */
import { hash } from "node:crypto";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Limit, Limiter } from "./limiter.ts";
import { memoryLimiter, waitOf } from "./memory-limiter.ts";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";

/** The library counts in whole seconds; windows here are milliseconds, handed over as if they were its seconds. */
const COUNT = `
redis.call('SET', KEYS[1], 0, 'PX', ARGV[2], 'NX')
local consumed = redis.call('INCRBY', KEYS[1], ARGV[1])
return {consumed, redis.call('PTTL', KEYS[1])}`;

export function redisLimiter(limit: Limit, link: RedisLink): Limiter {
  const own = memoryLimiter(limit);
  const shared = new RateLimiterRedis({
    storeClient: link.client,
    keyPrefix: `toolgraph:limit:${limit.name}`,
    points: limit.points,
    duration: limit.windowMs,
    customIncrTtlLuaScript: COUNT,
  });
  return {
    take: async (key) => {
      const waitMs = await link.ask(() =>
        shared.consume(hash("sha256", key, "base64url")).then(
          () => 0,
          (refusal: unknown) => {
            if (refusal instanceof RateLimiterRes) return waitOf(refusal);
            throw refusal;
          },
        ),
      );
      return waitMs === UNANSWERED ? own.take(key) : waitMs;
    },
  };
}
