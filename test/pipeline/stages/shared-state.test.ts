/** Two replicas of the gateway in front of one ledger, sharing a Redis that may go away. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { redisBinary, startRedis, type RedisServer } from "../../state/redis-server.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { entry, openLedger, turnstile, type OpenedLedger } from "./ledger.ts";

const isInstalled = redisBinary() !== undefined;
let redis: RedisServer;
let upstream: Upstream;
let first: OpenedLedger;
let second: OpenedLedger;
/** What the ledger does before it answers a write. */
let beforeBooking = async (): Promise<void> => {};
let booked = 0;

describe.skipIf(!isInstalled)("two replicas (needs redis-server)", () => {
  beforeAll(async () => {
    redis = await startRedis();
    upstream = await startUpstream(async ({ method }) => {
      if (method !== "POST") return entry(`read-${upstream.requests.length}`);
      await beforeBooking();
      return entry(`booked-${(booked += 1)}`);
    });
    const options = { gateway: { state: redis.address }, server: { cache_ttl_ms: 60_000 }, upstream };
    [first, second] = [await openLedger(() => {}, options), await openLedger(() => {}, options)];
  });
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  test("do a write once, whichever of them it is repeated at", async () => {
    const gate = turnstile();
    beforeBooking = () => gate.wait();
    const before = booked;
    const write = (ledger: OpenedLedger) => ledger.call("book_entry", { text: "rent" }, { request_id: "r-1" });
    const running = write(first);
    await gate.arrived(1);
    expect((await write(second)).body.error.code).toBe("REQUEST_IN_PROGRESS");
    gate.open();
    const { body } = await running;
    expect((await write(second)).body).toEqual(body);
    expect(booked).toBe(before + 1);
  });

  test("serve each other's reads until one of them writes", async () => {
    beforeBooking = async () => {};
    const read = async (ledger: OpenedLedger) => (await ledger.call("read_entry", { id: "1" })).body.tool_output.id;
    const once = await read(first);
    await expect.poll(() => read(second)).toBe(once);
    await second.call("book_entry", { text: "rent" });
    expect(await read(first)).not.toBe(once);
  });

  test("leave a server alone that asked one of them for a wait, and tell how much of it is left", async () => {
    beforeBooking = async () => {};
    let isBusy = true;
    await using busy = await startUpstream(() =>
      isBusy ? { status: 429, headers: { "retry-after": "2" }, json: {} } : entry("1"),
    );
    const options = { gateway: { state: redis.address }, upstream: busy };
    await using one = await openLedger(() => {}, options);
    await using other = await openLedger(() => {}, options);
    expect((await one.call("book_entry", { text: "rent" })).status).toBe(429);
    isBusy = false;
    // The news is on its way while the other one asks; what it asks before it hears is answered.
    let asked = 1;
    const refused = await vi.waitUntil(async () => {
      const answer = await other.call("read_total", {});
      if (answer.status === 429) return answer;
      asked += 1;
      return undefined;
    });
    expect(refused.body.error).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", message: "Too fast." });
    expect(refused.body.error.retry_after_ms).toBeGreaterThan(1_000);
    expect(refused.body.error.retry_after_ms).toBeLessThanOrEqual(2_000);
    expect(busy.requests).toHaveLength(asked);
    await expect.poll(async () => (await other.call("read_total", {})).status, { timeout: 5_000 }).toBe(200);
  });

  test("without Redis read and write on, and refuse only what they could not do exactly once", async () => {
    await redis.kill();
    const status = () => first.gateway.composed.state.status();
    await expect.poll(() => status().health, { interval: 10 }).toBe("degraded");
    const refused = await first.call("book_entry", { text: "rent" }, { request_id: "r-2" });
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject({ code: "MCP_CONNECTION_ERROR", retryable: true, retry_after_ms: 1000 });
    expect(refused.body.error.message).toMatch(/shared state cannot be reached.*exactly once.*not begun/);
    expect((await first.call("book_entry", { text: "rent" })).status).toBe(200);
    expect((await first.call("read_entry", { id: "2" })).status).toBe(200);

    await redis.restart();
    await expect.poll(() => status().health, { interval: 10, timeout: 10_000 }).toBe("ok");
    const again = await first.call("book_entry", { text: "rent" }, { request_id: "r-2" });
    expect(again.status).toBe(200);
  });
});
