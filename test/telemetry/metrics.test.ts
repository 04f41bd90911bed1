/** What `GET /metrics` tells, and to whom. */
import { describe, expect, test } from "vitest";
import { openShop, shopServer } from "../e2e/open-shop.ts";
import { shopOnly } from "../e2e/shop-connector.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { compose } from "../../src/compose.ts";
import { createApp } from "../../src/http/app.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { readSamples, valueOf } from "./read-samples.ts";

async function scrape(gateway: { get(path: string): Promise<{ text: string }> }) {
  return readSamples((await gateway.get("/metrics")).text);
}

describe("GET /metrics", () => {
  test("counts calls by server, tool, effect, door and outcome", async () => {
    await using opened = await openShop();
    const { gateway } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" });
    await gateway.rest({ server_id: "shop", tool_name: "get_item", tool_input: { item_id: "2" } });
    await gateway.restByPath("shop", "get_item", { item_id: "status-404" });
    await gateway.restByPath("shop", "add_item", { name: "" });
    await gateway.graphql(
      `mutation { executeTool(serverId: "shop", toolName: "add_item", input: { name: "Lamp" }) { status } }`,
    );
    const samples = await scrape(gateway);
    const calls = (labels: Record<string, string>) => valueOf(samples, "toolgraph_tool_calls_total", labels);
    const getItem = { server_id: "shop", tool: "get_item", effect: "read", door: "rest" };
    expect(calls({ ...getItem, code: "SUCCESS" })).toBe(2);
    expect(calls({ ...getItem, code: "MCP_CLIENT_ERROR" })).toBe(1);
    const addItem = { server_id: "shop", tool: "add_item", effect: "write" };
    expect(calls({ ...addItem, door: "rest", code: "VALIDATION_ERROR" })).toBe(1);
    expect(calls({ ...addItem, door: "graphql", code: "SUCCESS" })).toBe(1);
    expect(valueOf(samples, "toolgraph_tool_attempts_total", { tool: "get_item" })).toBe(3);
  });

  test("tells durations as a histogram whose buckets add up", async () => {
    await using opened = await openShop();
    const { gateway } = opened;
    for (let call = 0; call < 5; call += 1) await gateway.restByPath("shop", "list_items", { limit: 1 });
    const samples = await scrape(gateway);
    const name = "toolgraph_tool_call_duration_seconds";
    const buckets = samples.filter((each) => each.name === `${name}_bucket` && each.labels.tool === "list_items");
    expect(buckets.map(({ value }) => value)).toEqual(buckets.map(({ value }) => value).sort((a, b) => a - b));
    expect(buckets.at(-1)).toMatchObject({ labels: { le: "+Inf" }, value: 5 });
    expect(valueOf(samples, `${name}_count`, { tool: "list_items" })).toBe(5);
    expect(valueOf(samples, `${name}_sum`, { tool: "list_items" })).toBeGreaterThan(0);
  });

  test("what callers invent never becomes a label", async () => {
    await using opened = await openShop();
    const { gateway } = opened;
    for (const name of ["no-such-1", 'evil"} 1\nfake{x="'])
      await gateway.rest({ server_id: name.slice(0, 60), tool_name: name, tool_input: {} });
    await gateway.rest({ server_id: "shop", tool_name: "no-such-2" });
    await gateway.get("/no/such/3");
    const samples = await scrape(gateway);
    expect(JSON.stringify(samples)).not.toMatch(/no-such|evil|such\/3/);
    expect(valueOf(samples, "toolgraph_tool_calls_total", { server_id: "", code: "ROUTING_ERROR" })).toBe(2);
    expect(valueOf(samples, "toolgraph_tool_calls_total", { server_id: "", code: "TOOL_NOT_SUPPORTED" })).toBe(1);
    expect(valueOf(samples, "toolgraph_http_requests_total", { route: "none", status: "404" })).toBe(1);
  });

  test("shows servers, their circuits and running calls, the generation, and the process", async () => {
    await using opened = await openShop({
      more: (url) => [
        shopServer(url, { id: "frail", circuit_breaker: { volume_threshold: 1, reset_timeout_ms: 60_000 } }),
      ],
    });
    const { gateway, shop } = opened;
    await gateway.restByPath("frail", "get_item", { item_id: "status-503" });
    const running = gateway.restByPath("shop", "get_item", { item_id: "gate-1" });
    await shop.arrived("/items/gate-1");
    const samples = await scrape(gateway);
    expect(valueOf(samples, "toolgraph_server_circuit", { server_id: "frail", state: "open" })).toBe(1);
    expect(valueOf(samples, "toolgraph_server_circuit", { server_id: "shop", state: "closed" })).toBe(1);
    expect(valueOf(samples, "toolgraph_server_status", { server_id: "shop", status: "READY" })).toBe(1);
    expect(valueOf(samples, "toolgraph_server_running_calls", { server_id: "shop" })).toBeGreaterThan(0);
    expect(valueOf(samples, "toolgraph_generation", {})).toBe(gateway.composed.registry.current?.number);
    expect(valueOf(samples, "toolgraph_state_degraded", { kind: "memory" })).toBe(0);
    expect(valueOf(samples, "process_resident_memory_bytes", {})).toBeGreaterThan(0);
    expect(samples.some(({ name }) => name === "nodejs_eventloop_lag_p99_seconds")).toBe(true);
    shop.openGate();
    await running;
  });

  test("forgets a server that is gone", async () => {
    await using opened = await openShop();
    const { gateway } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" });
    await gateway.apply({ servers: [] });
    expect((await scrape(gateway)).filter(({ labels }) => labels.server_id === "shop")).toEqual([]);
  });
});

describe("GET /metrics away from loopback", () => {
  const keys = {
    AGENT: "agent-key-of-the-tests",
    METRICS: "metrics-key-of-the-tests",
    OPERATOR: "operator-key-of-the-tests",
  };

  async function ask(key: string | undefined, policies: unknown[]): Promise<Response> {
    const host = "0.0.0.0";
    const api_keys = Object.keys(keys).map((name) => ({ id: name, key_ref: name, roles: [name.toLowerCase()] }));
    const checked = checkDocument({ servers: [], gateway: { host, auth: { api_keys }, policies } }, shopOnly, host);
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
    const log = createLogger({ level: "silent", redact: [] });
    const composed = compose({ log, env: keys, host, connectors: shopOnly });
    try {
      const source = { file: "test", folder: process.cwd(), isDemo: false };
      await composed.registry.apply({ servers: [], gateway: checked.gateway, source });
      const headers = { ...(key !== undefined && { "x-api-key": key }) };
      return await createApp(composed).fetch(new Request("http://gateway.example/metrics", { headers }));
    } finally {
      await composed.registry.close();
    }
  }
  const agentsMay = [{ roles: ["agent"], allow: [{}] }];

  test("asks for a credential", async () => {
    const refused = await ask(undefined, []);
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      401,
      "AUTHENTICATION_FAILURE_API",
    ]);
    expect((await ask(keys.AGENT, [])).status).toBe(200);
  });

  test("where policies tell callers apart, for the roles operator and metrics alone", async () => {
    const refused = await ask(keys.AGENT, agentsMay);
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      403,
      "AUTHORIZATION_ERROR",
    ]);
    for (const key of [keys.METRICS, keys.OPERATOR]) {
      const answer = await ask(key, agentsMay);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        200,
        "text/plain; version=0.0.4; charset=utf-8",
      ]);
    }
  });
});
