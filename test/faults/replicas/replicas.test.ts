/** Two and three real gateway processes with one real Redis agree, and go on when it is paused or loses its memory. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisBinary, startRedis, type RedisServer } from "../../state/redis-server.ts";
import { BURST, startReplicas, type Replicas, type Told } from "./start-replicas.ts";

const statuses = (answers: readonly Told[]) => [...new Set(answers.map(({ status }) => status))];

describe.skipIf(redisBinary() === undefined).each([2, 3])("%i gateway processes (need redis-server)", (count) => {
  let redis: RedisServer;
  let gateways: Replicas;
  beforeAll(async () => {
    redis = await startRedis();
    gateways = await startReplicas({ count, state: redis.address });
  });
  afterAll(async () => {
    await gateways[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  test("fetch one token for all, and one more when the server refuses it at all of them at once", async () => {
    expect(statuses(await gateways.searchAll("ann", 5))).toEqual([200]);
    expect([gateways.endpoint.count(), gateways.tokens]).toEqual([1, ["Bearer access-1"]]);
    gateways.revoke();
    expect(statuses(await gateways.searchAll("ann", 5))).toEqual([200]);
    expect([gateways.endpoint.count(), gateways.tokens]).toEqual([2, ["Bearer access-1", "Bearer access-2"]]);
    expect(gateways.endpoint.usedTwice).toEqual([]);
  });

  test("count a caller's calls together, and its other requests too", async () => {
    const answers = await Promise.all([
      ...Array.from({ length: BURST - 5 }, (_, at) => gateways.search(at, "bob")),
      ...Array.from({ length: 15 }, (_, at) => gateways.get(at, "bob", "/api/v1/mcp/servers")),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(BURST);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    for (const { headers } of refused) expect(Number(headers.get("retry-after"))).toBeGreaterThan(40);
  });

  test("read each other's large results", async () => {
    const { body } = await gateways.search(0, "cid", 50);
    const path = `/api/v1/mcp/results/${body.tool_output.result_id}?select=issues[].key`;
    const pages = [await gateways.get(0, "cid", path), await gateways.get(1, "cid", path)];
    expect(pages[1]!.body.output).toHaveLength(50);
    expect(pages[1]!.body.output).toEqual(pages[0]!.body.output);
    expect((await gateways.get(1, "ann", path)).status).toBe(404);
  });

  test("all leave a server alone that asked one of them for a wait", async () => {
    gateways.answer = { status: 429, headers: { "retry-after": "2" } };
    expect((await gateways.search(0, "cid")).status).toBe(429);
    gateways.answer = undefined;
    const refusal = async () => (await gateways.search(1, "cid")).body.error?.code;
    await expect.poll(refusal, { timeout: 1_900, interval: 100 }).toBe("MCP_RATE_LIMIT_EXCEEDED");
    const answers = () => gateways.searchAll("cid");
    await expect.poll(async () => statuses(await answers()), { interval: 300, timeout: 8_000 }).toEqual([200]);
  });

  test("go on while Redis stands still, each with its own limits, and count together again after it", async () => {
    await redis.pause();
    try {
      const begun = performance.now();
      expect(statuses(await gateways.searchAll("dan", BURST))).toEqual([200]);
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(statuses(await gateways.searchAll("dan"))).toEqual([429]);
      await gateways.stateIs("degraded");
    } finally {
      await redis.resume();
    }
    await gateways.stateIs("ok");
    // What was asked of Redis while it stood still is not counted by it afterwards.
    const answers = await gateways.searchAll("dan", BURST);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(BURST);
    expect(gateways.endpoint.count()).toBe(2);
  });
});

test.skipIf(redisBinary() === undefined)(
  "three processes renew tokens through a Redis that is paused and restarted empty, and use no refresh token twice",
  async () => {
    await using redis = await startRedis();
    await using gateways = await startReplicas({ count: 3, state: redis.address, expiresIn: 1, burst: 100_000 });
    const goOn = async (ms: number): Promise<number[]> => {
      const seen = new Set<number>();
      const until = performance.now() + ms;
      while (performance.now() < until) for (const { status } of await gateways.searchAll("ann")) seen.add(status);
      return [...seen].toSorted((a, b) => a - b);
    };
    expect(await goOn(2_000)).toEqual([200]);
    const before = gateways.endpoint.count();
    expect(before).toBeGreaterThan(1);

    await redis.pause();
    // A token that still lives is used; then nobody knows whether another replica has used the refresh token.
    const answers = await goOn(1_500);
    expect(answers.filter((status) => status !== 200)).toEqual([503]);
    expect(gateways.endpoint.count()).toBeLessThanOrEqual(before + 1);
    await redis.resume();
    await gateways.stateIs("ok");
    expect(await goOn(1_500)).toEqual([200]);

    await redis.restart();
    await gateways.stateIs("ok");
    expect(await goOn(2_000)).toEqual([200]);
    expect(gateways.endpoint.count()).toBeGreaterThan(before + 2);
    // One a second for all of them, not one for each.
    expect(gateways.endpoint.count()).toBeLessThan(15);
    expect(gateways.endpoint.usedTwice).toEqual([]);
  },
);

test.skipIf(redisBinary() === undefined)(
  "the turn of a process that is killed while it fetches a token passes on to another",
  async () => {
    await using redis = await startRedis();
    await using gateways = await startReplicas({
      count: 2,
      state: redis.address,
      timeoutMs: 1_000,
      method: "oauth2_client_credentials",
    });
    const { endpoint } = gateways;
    const asked = Promise.withResolvers<void>();
    endpoint.before = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const lost = gateways.search(0, "ann").catch(() => undefined);
    await asked.promise;
    const killed = gateways.replicas[0]!.killAndRestart();
    endpoint.before = async () => {};
    // Its turn lasts for five seconds; until then calls wait in vain, and say so.
    expect(await gateways.search(1, "bob")).toMatchObject({ status: 504 });
    expect(endpoint.count()).toBe(1);
    const tryAgain = async () => (await gateways.search(1, "bob")).status;
    await expect.poll(tryAgain, { timeout: 15_000, interval: 100 }).toBe(200);
    await killed;
    await lost;
    expect((await gateways.search(0, "ann")).status).toBe(200);
    expect(endpoint.count()).toBe(2);
  },
);
