/** Work is refused before the process collapses under it, and whoever watches over it still gets answers. */
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { checkDocument } from "../../src/config/check-document.ts";
import { compose } from "../../src/compose.ts";
import { createApp } from "../../src/http/app.ts";
import { LoadMonitor } from "../../src/lifecycle/load-monitor.ts";
import { shopOnly } from "../e2e/shop-connector.ts";

const calm = { delayMs: 5, heapUse: 0.3 };
const late = { delayMs: 900, heapUse: 0.3 };
const full = { delayMs: 5, heapUse: 0.95 };

function newMonitor(): LoadMonitor {
  return new LoadMonitor({ log: pino({ level: "silent" }), random: () => 0.5 });
}

describe("the load monitor", () => {
  test.each([
    ["every turn of the event loop is late", late],
    ["the heap is nearly full", full],
  ])("refuses work when %s, twice running", (_why, reading) => {
    const load = newMonitor();
    load.read(reading);
    expect(load.isOverloaded).toBe(false);
    load.read(calm);
    load.read(reading);
    expect(load.isOverloaded).toBe(false);
    load.read(reading);
    expect(load.isOverloaded).toBe(true);
    expect(() => load.refuseOverload()).toThrowError(
      expect.objectContaining({ code: "RATE_LIMIT_EXCEEDED", status: 503, retryAfterMs: 1_500, acted: "no" }),
    );
  });

  test("takes work again once it is well below, not at the first easing", () => {
    const load = newMonitor();
    load.read(late);
    load.read(late);
    load.read({ delayMs: 400, heapUse: 0.3 });
    expect(load.isOverloaded).toBe(true);
    load.read(calm);
    expect(load.isOverloaded).toBe(false);
    expect(() => load.refuseOverload()).not.toThrow();
  });

  test("reads the real event loop and heap of this process", async () => {
    const readings: unknown[] = [];
    const load = newMonitor();
    const first = Promise.withResolvers<void>();
    load.read = (reading) => {
      readings.push(reading);
      first.resolve();
    };
    load.start();
    await first.promise;
    load.stop();
    expect(readings[0]).toEqual({ delayMs: expect.any(Number), heapUse: expect.any(Number) });
    const { delayMs, heapUse } = readings[0] as typeof calm;
    expect(delayMs).toBeGreaterThan(0);
    expect(heapUse).toBeGreaterThan(0);
    expect(heapUse).toBeLessThan(1);
  });
});

describe("an overloaded gateway", () => {
  async function openOverloaded() {
    const load = newMonitor();
    load.read(late);
    load.read(late);
    const composed = compose({
      log: pino({ level: "silent" }),
      env: {},
      host: "127.0.0.1",
      connectors: shopOnly,
      load,
    });
    const checked = checkDocument({ servers: [], gateway: { auth: { anonymous: true } } }, shopOnly, "127.0.0.1");
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
    const source = { file: "test", folder: process.cwd(), isDemo: false };
    await composed.registry.apply({ servers: [], gateway: checked.gateway, source });
    const app = createApp(composed);
    const ask = async (path: string, body?: unknown) =>
      app.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method: body === undefined ? "GET" : "POST",
          headers: { "content-type": "application/json" },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
    return { ask, load, [Symbol.asyncDispose]: async () => void (await composed.registry.close()) };
  }

  test("refuses work on every door with 503 and Retry-After", async () => {
    await using gateway = await openOverloaded();
    const rest = await gateway.ask("/api/v1/mcp/chat", { server_id: "a", tool_name: "b" });
    expect([rest.status, rest.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await rest.json()).toMatchObject({
      error: { code: "RATE_LIMIT_EXCEEDED", retryable: true, retry_after_ms: 1_500 },
    });
    const graphql = await gateway.ask("/graphql", { query: "{ __typename }" });
    expect([graphql.status, graphql.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await graphql.json()).toMatchObject({ errors: [{ extensions: { code: "RATE_LIMIT_EXCEEDED" } }] });
    const list = await gateway.ask("/api/v1/mcp/tools");
    expect(list.status).toBe(503);
  });

  test("still says how it is, and works again once it keeps up", async () => {
    await using gateway = await openOverloaded();
    expect((await gateway.ask("/api/v1/mcp/health")).status).toBe(200);
    expect((await gateway.ask("/api/v1/mcp/ready")).status).toBe(200);
    const metrics = await gateway.ask("/metrics");
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain("toolgraph_overloaded 1");
    gateway.load.read(calm);
    expect((await gateway.ask("/graphql", { query: "{ __typename }" })).status).toBe(200);
  });
});
