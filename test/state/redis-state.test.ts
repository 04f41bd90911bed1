/** Several gateways share one Redis: what each knows the others know, and none stands still when it is slow, gone, empty or full. */
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Claim } from "../../src/state/call-records.ts";
import { RedisState } from "../../src/state/redis-state.ts";
import { redisBinary, startRedis, startSlowWay, type RedisServer } from "./redis-server.ts";

const isInstalled = redisBinary() !== undefined;
let unique = 0;
let redis: RedisServer;
let first: RedisState;
let second: RedisState;

function claim(changes: Partial<Claim> = {}): Claim {
  return { key: `key-${unique}`, fingerprint: "f", owner: "a", leaseMs: 60_000, ...changes };
}

const open = (address: string) => RedisState.open({ address, log: pino({ level: "silent" }) });

const isUp = (state: RedisState) => expect.poll(() => state.status().health, { interval: 10, timeout: 10_000 });

describe.skipIf(!isInstalled)("state in Redis (needs redis-server)", () => {
  beforeAll(async () => {
    redis = await startRedis();
    [first, second] = [await open(redis.address), await open(redis.address)];
  });
  afterAll(async () => {
    await Promise.all([first, second].map((state) => state.close()));
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    unique += 1;
    await Promise.all([first, second].map((state) => isUp(state).toBe("ok")));
  });

  describe("records of writes", () => {
    test("one replica's claim and outcome hold for the others", async () => {
      expect(await first.records.begin(claim())).toEqual({ status: "claimed" });
      expect(await second.records.begin(claim({ owner: "b" }))).toEqual({ status: "running" });
      expect(await second.records.begin(claim({ owner: "b", fingerprint: "g" }))).toEqual({
        status: "other_arguments",
      });
      await first.records.finish(claim(), "outcome");
      expect(await second.records.begin(claim({ owner: "b" }))).toEqual({ status: "done", outcome: "outcome" });
    });

    test("a released claim is free for the others", async () => {
      await first.records.begin(claim());
      await first.records.release(claim());
      expect(await second.records.begin(claim({ owner: "b" }))).toEqual({ status: "claimed" });
    });

    test("of fifty at once on two replicas, one runs", async () => {
      const begun = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 === 0 ? first : second).records.begin(claim({ owner: String(index) })),
        ),
      );
      expect(begun.filter(({ status }) => status === "claimed")).toHaveLength(1);
      expect(begun.filter(({ status }) => status === "running")).toHaveLength(49);
    });

    test("a replica that died within a call leaves an unknown outcome, not a second run", async () => {
      const dying = await open(redis.address);
      await isUp(dying).toBe("ok");
      await dying.records.begin(claim({ leaseMs: 50 }));
      await dying.close();
      await expect
        .poll(() => second.records.begin(claim({ owner: "b" })), { interval: 10 })
        .toEqual({ status: "abandoned" });
    });
  });

  describe("results of reads", () => {
    test("what one replica read the others serve, until anyone writes", async () => {
      const { generation } = await first.results.lookup("jira", `r-${unique}`);
      first.results.keep("jira", `r-${unique}`, generation, { issues: [1] }, 60_000);
      await expect
        .poll(async () => (await second.results.lookup("jira", `r-${unique}`)).kept?.output, { interval: 5 })
        .toEqual({ issues: [1] });
      await second.results.invalidate("jira");
      expect((await first.results.lookup("jira", `r-${unique}`)).kept).toBeUndefined();
    });

    test("a read begun before another replica's write does not fill the cache after it", async () => {
      const { generation } = await first.results.lookup("jira", `r-${unique}`);
      await second.results.invalidate("jira");
      first.results.keep("jira", `r-${unique}`, generation, "stale", 60_000);
      await first.results.lookup("jira", "another, so that the one before has arrived");
      expect((await second.results.lookup("jira", `r-${unique}`)).kept).toBeUndefined();
    });

    test("a write is told to the reads that run in other replicas", async () => {
      const before = first.results.generation("jira");
      await second.results.invalidate("jira");
      await expect.poll(() => first.results.generation("jira"), { interval: 5 }).not.toBe(before);
    });
  });

  test("a limit counts the calls of all replicas", async () => {
    const limit = { name: `n-${unique}`, points: 3, windowMs: 60_000 };
    const waits = [];
    for (const state of [first, second, first, second]) waits.push(await state.limiter(limit).take("alice"));
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
    expect(waits[3]).toBeGreaterThan(50_000);
    expect(await first.limiter(limit).take("bob")).toBe(0);
  });

  describe.each([
    ["slow", () => redis.pause(), () => redis.resume()],
    ["gone and restarted empty", () => redis.kill(), () => redis.restart()],
  ])("a Redis that is %s", (_name, lose, restore) => {
    test("stops neither reads nor limits, refuses what needs a record, and is used again when it is back", async () => {
      const ran = claim({ key: `ran-${unique}` });
      await first.records.begin(ran);
      const running = claim({ key: `running-${unique}` });
      await first.records.begin(running);
      await lose();

      // Redis is not back: an answer at all is one that did not wait for it.
      expect(await first.records.begin(claim())).toMatchObject({ status: "unavailable" });
      expect(first.status()).toMatchObject({ kind: "redis", health: "degraded" });

      const limiter = first.limiter({ name: `l-${unique}`, points: 1, windowMs: 60_000 });
      expect(await limiter.take("alice")).toBe(0);
      expect(await limiter.take("alice")).toBeGreaterThan(0);
      const { generation } = await first.results.lookup("jira", `r-${unique}`);
      first.results.keep("jira", `r-${unique}`, generation, "own", 60_000);
      expect((await first.results.lookup("jira", `r-${unique}`)).kept?.output).toBe("own");
      await first.results.invalidate("jira");
      expect((await first.results.lookup("jira", `r-${unique}`)).kept).toBeUndefined();

      // A write that ran meanwhile tells its outcome as soon as it can.
      await first.records.finish(ran, "outcome");
      expect(await first.records.begin({ ...ran, owner: "again" })).toEqual({ status: "done", outcome: "outcome" });

      await restore();
      await isUp(first).toBe("ok");
      await isUp(second).toBe("ok");
      expect(await second.records.begin({ ...ran, owner: "b" })).toEqual({ status: "done", outcome: "outcome" });
      expect(await second.records.begin({ ...running, owner: "b" })).toEqual({ status: "running" });
      expect(await second.records.begin(claim({ owner: "b" }))).toEqual({ status: "claimed" });
    });

    test("a write during it invalidates what was kept before it", async () => {
      const { generation } = await second.results.lookup("slack", `r-${unique}`);
      second.results.keep("slack", `r-${unique}`, generation, "before", 60_000);
      await second.results.lookup("slack", "another, so that the one before has arrived");
      await lose();
      await first.results.invalidate("slack");
      await restore();
      await isUp(first).toBe("ok");
      await isUp(second).toBe("ok");
      expect((await second.results.lookup("slack", `r-${unique}`)).kept).toBeUndefined();
    });
  });

  test("a process that was busy itself does not take Redis for lost, nor its clock for another", async () => {
    const state = await open(redis.address);
    await isUp(state).toBe("ok");
    const busyFor = (ms: number) => {
      const until = performance.now() + ms;
      while (performance.now() < until);
    };
    for (const [index, ms] of [300, 260, 600].entries()) {
      const begun = state.records.begin(claim({ key: `busy-${unique}-${index}` }));
      // Once before the question is sent, once before its answer is read.
      if (index === 2) await new Promise((resolve) => setImmediate(resolve));
      busyFor(ms);
      expect(await begun).toEqual({ status: "claimed" });
      expect(state.status().health).toBe("ok");
    }
    await state.close();
  });

  test("a Redis that answers, but too slowly, costs one wait and not one for each call, until it is quick again", async () => {
    await using way = await startSlowWay(redis);
    const state = await open(way.address);
    await isUp(state).toBe("ok");
    const limiter = state.limiter({ name: `far-${unique}`, points: 1_000, windowMs: 60_000 });
    way.delayMs = 400;
    expect(await limiter.take("alice")).toBe(0);
    const begun = performance.now();
    while (performance.now() - begun < 2_000) {
      const asked = performance.now();
      expect(await limiter.take("alice")).toBe(0);
      expect(performance.now() - asked).toBeLessThan(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(state.status()).toMatchObject({ health: "degraded" });
    way.delayMs = 0;
    await isUp(state).toBe("ok");
    await state.close();
  });

  test("a full Redis refuses new records, says so, and stops nothing else", async () => {
    await using full = await startRedis(["--maxmemory", "1mb", "--maxmemory-policy", "noeviction"]);
    const state = await open(full.address);
    await isUp(state).toBe("ok");
    expect(await state.records.begin(claim())).toEqual({
      status: "unavailable",
      reason: "The shared state keeps no more records",
    });
    expect(state.status()).toEqual({ kind: "redis", health: "degraded", reason: "The shared state is full." });
    const limiter = state.limiter({ name: "l", points: 1, windowMs: 60_000 });
    expect([await limiter.take("alice"), (await limiter.take("alice")) > 0]).toEqual([0, true]);
    expect(await state.tokens.begin({ id: "t", leaseMs: 1000 })).toMatchObject({ status: "turn", isAlone: true });
    await state.shelf.put("alice", "r_1", [Buffer.from("large")], 60_000);
    expect(await state.shelf.get("alice", "r_1")).toBeUndefined();
    const { generation } = await state.results.lookup("jira", "r");
    state.results.keep("jira", "r", generation, "own", 60_000);
    expect((await state.results.lookup("jira", "r")).kept?.output).toBe("own");
    await state.close();
  });

  test.each([
    ["allkeys-lru", 1],
    ["noeviction", 0],
  ])("a Redis that is bounded and has the policy %s is warned of %i times", async (policy, warnings) => {
    await using bounded = await startRedis(["--maxmemory", "100mb", "--maxmemory-policy", policy]);
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
    const state = await RedisState.open({ address: bounded.address, log });
    await isUp(state).toBe("ok");
    expect(lines.filter((line) => line.includes("noeviction"))).toHaveLength(warnings);
    await state.close();
  });

  test("a Redis that is not there does not keep the gateway from starting", async () => {
    const state = await open("redis://127.0.0.1:1");
    expect(state.status()).toMatchObject({ health: "degraded" });
    expect(await state.records.begin(claim())).toMatchObject({ status: "unavailable" });
    await state.close();
  });
});
