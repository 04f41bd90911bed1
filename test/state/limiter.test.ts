/** A limit holds in every stretch of time as long as its window: there is no edge at which twice as many could pass. */
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { windowOf } from "../../src/state/limiter.ts";
import { MemoryLimiter } from "../../src/state/memory-limiter.ts";
import { MemoryState } from "../../src/state/memory-state.ts";
import { RedisState } from "../../src/state/redis-state.ts";
import { redisBinary, startRedis } from "./redis-server.ts";

/** Most of these times that lie in one window. */
function most(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
}

test("a rate and a burst make a window in which the burst is used up at the rate", () => {
  expect(windowOf({ perSecond: 5, burst: 10 })).toEqual({ points: 10, windowMs: 2000 });
  expect(windowOf({ perSecond: 0.5 })).toEqual({ points: 1, windowMs: 2000 });
  expect(windowOf({ perSecond: 1 / 60, burst: 3 })).toEqual({ points: 3, windowMs: 180_000 });
});

describe("in one process", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("calls at the end of one window and the start of the next are no more than in one", () => {
    const limiter = new MemoryLimiter({ points: 3, windowMs: 1_000 });
    const take = (count: number) => Array.from({ length: count }, () => limiter.take("alice"));
    expect(take(1)).toEqual([0]);
    vi.advanceTimersByTime(990);
    expect(take(3)).toEqual([0, 0, 10]);
    vi.advanceTimersByTime(10);
    // A fixed window would begin here, with three more.
    expect(take(3)).toEqual([0, 990, 990]);
    expect(limiter.take("bob")).toBe(0);
  });

  test("whenever calls come, the limit holds, and the wait told is the shortest that helps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 100 }),
        (points, windowMs, pauses) => {
          const limiter = new MemoryLimiter({ points, windowMs });
          const passed: number[] = [];
          for (const pause of pauses) {
            vi.advanceTimersByTime(pause);
            const wait = limiter.take("alice");
            expect(limiter.take("unlike alice") >= 0).toBe(true);
            const now = performance.now();
            if (wait === 0) passed.push(now);
            else {
              expect(most([...passed, now + wait - 1], windowMs)).toBeGreaterThan(points);
              expect(most([...passed, now + wait], windowMs)).toBeLessThanOrEqual(points);
            }
          }
          expect(most(passed, windowMs)).toBeLessThanOrEqual(points);
        },
      ),
    );
  });

  test("callers that are gone are forgotten, others are not", () => {
    const limiter = new MemoryLimiter({ points: 1, windowMs: 1_000 });
    for (let index = 0; index < 900; index += 1) limiter.take(`gone-${index}`);
    vi.advanceTimersByTime(1_000);
    for (let index = 0; index < 5_000; index += 1) limiter.take(`there-${index}`);
    for (let index = 0; index < 5_000; index += 1) expect(limiter.take(`there-${index}`)).toBeGreaterThan(0);
  });
});

test("a reload of the configuration gives nobody a new burst, unless the limit changed", () => {
  const state = new MemoryState();
  const limit = { name: "caller", points: 1, windowMs: 60_000 };
  expect(state.limiter(limit).take("alice")).toBe(0);
  expect(state.limiter({ ...limit }).take("alice")).toBeGreaterThan(0);
  expect(state.limiter({ ...limit, points: 2 }).take("alice")).toBe(0);
});

test.skipIf(redisBinary() === undefined)(
  "replicas hold a limit together, at every edge (needs redis-server)",
  async () => {
    await using redis = await startRedis();
    const open = () => RedisState.open({ address: redis.address, log: pino({ level: "silent" }) });
    const states = [await open(), await open()];
    const [points, windowMs] = [5, 200];
    const passed: number[] = [];
    const until = performance.now() + 1_000;
    const knock = async (state: RedisState) => {
      const limiter = state.limiter({ name: "n", points, windowMs });
      while (performance.now() < until) {
        const asked = performance.now();
        if ((await limiter.take("alice")) === 0) passed.push((asked + performance.now()) / 2);
      }
    };
    await Promise.all(states.map(knock));
    await Promise.all(states.map((state) => state.close()));
    // When Redis decided is known only roughly here.
    expect(most(passed, windowMs - 40)).toBeLessThanOrEqual(points);
    expect(passed.length).toBeGreaterThanOrEqual(4 * points);
  },
);
