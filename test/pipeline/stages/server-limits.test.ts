/** A server is called no faster than it may be: short waits in fair order, longer ones told, its own 429 heeded. */
import { describe, expect, test } from "vitest";
import { ALICE, BOB, entry, openLedger, turnstile } from "./ledger.ts";

const patient = { timeout_ms: 30_000 };

describe("the limits of a server", () => {
  test("calls over the burst wait for the next window where that is soon", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      server: { ...patient, rate_limits: { requests_per_second: 20, burst_limit: 4 } },
    });
    const begun = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, id) => ledger.call("read_entry", { id: `${id}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    // Three windows of 200 ms: the last two calls go in the third.
    expect(performance.now() - begun).toBeGreaterThan(390);
  });

  test("calls that would wait too long are refused at once, with the wait", async () => {
    await using ledger = await openLedger(() => entry("1"), { server: { rate_limits: { requests_per_minute: 2 } } });
    const statuses = [];
    for (const id of ["1", "2", "3"]) statuses.push(await ledger.call("read_entry", { id }));
    const [, , third] = statuses;
    expect(third!.status).toBe(429);
    expect(third!.body.error.code).toBe("MCP_RATE_LIMIT_EXCEEDED");
    expect(third!.body.error.retry_after_ms).toBeGreaterThan(50_000);
    expect(ledger.upstream.requests).toHaveLength(2);
  });

  test("a wait that does not fit into the call's own time is not begun", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      server: { timeout_ms: 500, rate_limits: { requests_per_second: 0.5 } },
    });
    await ledger.call("read_entry", { id: "1" });
    const { status, body } = await ledger.call("read_entry", { id: "2" });
    expect(status).toBe(429);
    expect(body.error.retry_after_ms).toBeGreaterThan(1000);
  });

  test("only so many calls run at the same time, and callers take turns", async () => {
    const gates = Array.from({ length: 6 }, () => turnstile());
    const order: string[] = [];
    let running = 0;
    let most = 0;
    await using ledger = await openLedger(
      async ({ path }) => {
        const turn = order.push(path.split("/")[2]!) - 1;
        most = Math.max(most, (running += 1));
        await gates[turn]!.wait();
        running -= 1;
        return entry("1");
      },
      { server: { ...patient, rate_limits: { concurrent_calls: 1 } } },
    );
    const { runtime } = ledger.gateway.composed.registry.current!.servers.get("ledger")!;
    const calls = [];
    for (const [id, key] of [
      ["a1", ALICE],
      ["a2", ALICE],
      ["a3", ALICE],
      ["a4", ALICE],
      ["b1", BOB],
      ["b2", BOB],
    ] as const) {
      calls.push(ledger.call("read_entry", { id }, {}, key));
      // Each is in the gateway, once for itself and once for the read that others could share, before the next is sent.
      await expect.poll(() => runtime.running, { interval: 2 }).toBe(2 * calls.length);
    }
    for (const gate of gates) {
      await gate.arrived(1);
      gate.open();
    }
    expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(1);
    expect(order).toEqual(["a1", "a2", "b1", "a3", "b2", "a4"]);
  });

  test("a read that is served from the cache uses nothing of them", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      server: { cache_ttl_ms: 60_000, rate_limits: { requests_per_minute: 1 } },
    });
    for (let index = 0; index < 5; index += 1) {
      expect((await ledger.call("read_entry", { id: "1" })).status).toBe(200);
    }
  });
});

describe("a server that says 429", () => {
  const busy = { status: 429, headers: { "retry-after": "7" }, json: {} };

  test("is left alone until then; calls are refused with what remains of the wait", async () => {
    await using ledger = await openLedger(() => busy);
    await ledger.call("read_entry", { id: "1" });
    const write = await ledger.call("book_entry", { text: "rent" });
    expect(write.body.error).toMatchObject({
      code: "MCP_RATE_LIMIT_EXCEEDED",
      message: "Too fast.",
      mcp_server_status_code: 429,
    });
    expect(write.body.error.retry_after_ms).toBeGreaterThan(6000);
    expect(write.body.error.retry_after_ms).toBeLessThanOrEqual(7000);
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("is asked again when the wait is over", async () => {
    let asked = 0;
    await using ledger = await openLedger(() =>
      (asked += 1) === 1 ? { status: 429, headers: { "retry-after": "0.05" }, json: {} } : entry("1"),
    );
    await ledger.call("read_entry", { id: "1" });
    await expect.poll(async () => (await ledger.call("read_entry", { id: "1" })).status).toBe(200);
  });

  test("without a wait stops nothing, and yet its callers are told to wait a second", async () => {
    await using ledger = await openLedger(() => ({ status: 429, json: {} }));
    const { status, body, headers } = await ledger.call("read_entry", { id: "1" });
    expect([status, body.error.retry_after_ms, headers.get("retry-after")]).toEqual([429, 1_000, "1"]);
    const query = '{ ledger { readEntry(id: "1") { id } } }';
    const { body: graph } = await ledger.gateway.graphql(query, {}, { "x-api-key": ALICE });
    expect(graph.errors![0]!.extensions).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", retryAfterMs: 1_000 });
    expect(ledger.upstream.requests).toHaveLength(2);
  });

  test("of one tool only, as its error says, leaves the others usable", async () => {
    await using ledger = await openLedger(({ path }) => (path === "/total" ? busy : entry("1")), {
      server: { server_specific_config: { limits: "tool" } },
    });
    await ledger.call("read_total", {});
    expect((await ledger.call("read_entry", { id: "1" })).status).toBe(200);
    expect((await ledger.call("read_total", {})).status).toBe(429);
    expect(ledger.upstream.requests.map(({ path }) => path)).toEqual(["/total", "/entries/1"]);
  });
});
