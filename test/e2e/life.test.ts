/** A gateway's life within one process: generations that replace each other, tools that come and go, the way to the end. */
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import { compose } from "../../src/compose.ts";
import { serve } from "../../src/http/serve.ts";
import { startMcpHttpFixture } from "../support/mcp-http-fixture.ts";
import { fixtureProcesses } from "../support/mcp-processes.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { openShop, shopServer } from "./open-shop.ts";
import { shopOnly } from "./shop-connector.ts";

const run = (gateway: StartedGateway, server_id: string, item_id: string) =>
  gateway.rest({ server_id, tool_name: "get_item", tool_input: { item_id } });

/** The next generation, for whatever made it. */
function nextGeneration({ composed: { registry } }: StartedGateway): Promise<void> {
  const before = registry.current?.number ?? 0;
  return new Promise((resolve) => {
    const stop = registry.onChange(({ number }) => {
      if (number === before) return;
      stop();
      resolve();
    });
  });
}

describe("a new generation", () => {
  test("brings servers and takes them away; the call in flight on a removed one finishes", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const inFlight = run(gateway, "shop", "gate-1");
    await shop.arrived("/items/gate-1");
    await gateway.apply({ servers: [shopServer(shop.url, { id: "outlet" })] });
    expect((await run(gateway, "shop", "1")).body.error.code).toBe("ROUTING_ERROR");
    expect((await run(gateway, "outlet", "1")).body.status).toBe("success");
    const { body } = await gateway.graphql("{ servers { id } }");
    expect(body.data.servers).toEqual([{ id: "outlet" }]);
    shop.openGate();
    expect((await inFlight).body.status).toBe("success");
  });

  test("keeps a server that did not change, with its open breaker", async () => {
    await using opened = await openShop({
      more: (url) => [
        shopServer(url, { id: "sick", circuit_breaker: { volume_threshold: 1, error_threshold_percentage: 1 } }),
      ],
    });
    const { gateway, shop } = opened;
    await run(gateway, "sick", "status-500");
    const circuit = async (id: string) =>
      (await gateway.get(`/api/v1/mcp/servers/${id}`)).body.health.circuit as string;
    expect(await circuit("sick")).toBe("open");
    const sick = shopServer(shop.url, {
      id: "sick",
      circuit_breaker: { volume_threshold: 1, error_threshold_percentage: 1 },
    });
    await gateway.apply({ servers: [sick, shopServer(shop.url, { id: "added" })] });
    expect(await circuit("sick")).toBe("open");
    await gateway.apply({ servers: [{ ...sick, name: "Changed" }] });
    expect(await circuit("sick")).toBe("closed");
  });

  test("changes who may use what, at once and for operations already known", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const ASK = '{ shop { getItem(itemId: "1") { name } } }';
    expect((await gateway.graphql(ASK)).body.errors).toBeUndefined();
    const policies = [{ roles: ["developer"], allow: [{ tools: ["list_items"] }] }];
    await gateway.apply({ servers: [shopServer(shop.url)], gateway: { policies } });
    expect((await gateway.graphql(ASK)).body.errors![0]!.message).toMatch(/Cannot query field "getItem"/);
    expect((await run(gateway, "shop", "1")).body.error.code).toBe("TOOL_NOT_SUPPORTED");
  });

  test("a server with a missing secret is DEGRADED with its reason and harms no other", async () => {
    await using opened = await openShop({
      more: (url) => [
        shopServer(url, { id: "keyless", authentication: { method: "bearer_token", tokenRef: "ABSENT" } }),
      ],
    });
    const { body } = await opened.gateway.graphql("{ servers { id status statusReason toolCount } }");
    expect(body.data.servers).toEqual([
      { id: "shop", status: "READY", statusReason: null, toolCount: 5 },
      { id: "keyless", status: "DEGRADED", statusReason: expect.stringContaining("ABSENT") as string, toolCount: 0 },
    ]);
    expect((await run(opened.gateway, "shop", "1")).body.status).toBe("success");
    expect((await opened.gateway.get("/api/v1/mcp/ready")).status).toBe(200);
    // The graph keeps its shape: a typed field of that server fails with the reason, its sibling answers.
    const typed = await opened.gateway.graphql(
      '{ good: shop(server: "shop") { getItem(itemId: "1") { name } } bad: shop(server: "keyless") { getItem(itemId: "1") { name } } }',
    );
    expect(typed.body.data).toEqual({ good: { getItem: { name: "Item 1" } }, bad: { getItem: null } });
    expect(typed.body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["bad", "getItem"], "CONFIGURATION_ERROR"],
    ]);
  });

  test("a disabled server is listed as such, and its tools look as if they did not exist", async () => {
    await using opened = await openShop({ more: (url) => [shopServer(url, { id: "off", isEnabled: false })] });
    const { body } = await opened.gateway.graphql(
      '{ servers(status: DISABLED) { id toolCount } server(id: "off") { status } }',
    );
    expect(body.data).toEqual({ servers: [{ id: "off", toolCount: 0 }], server: { status: "DISABLED" } });
    const { servers } = (await opened.gateway.get("/api/v1/mcp/servers")).body;
    expect(servers.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ["shop", "READY"],
      ["off", "DISABLED"],
    ]);
    expect((await run(opened.gateway, "off", "1")).body.error.code).toBe("ROUTING_ERROR");
    // With the other one disabled, the type has one server: it need not be named.
    const typed = await opened.gateway.graphql('{ shop { getItem(itemId: "1") { name } } }');
    expect(typed.body.data).toEqual({ shop: { getItem: { name: "Item 1" } } });
  });

  test("a type whose only server lacks its secret keeps its fields", async () => {
    await using gateway = await startGateway({
      servers: [{ id: "slack", type: "slack", authentication: { method: "bearer_token", tokenRef: "ABSENT" } }],
      connectors,
    });
    const { body } = await gateway.graphql('mutation { slack { sendMessage(channel: "C1", text: "hi") { ts } } }');
    expect(body.data).toEqual({ slack: { sendMessage: null } });
    expect(body.errors?.[0]?.extensions.code).toBe("CONFIGURATION_ERROR");
  });

  test("requests go on while generations change under them", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const answers: { status: number }[] = [];
    for (let generation = 0; generation < 10; generation += 1) {
      const calls = Array.from({ length: 5 }, (_, index) => run(gateway, "shop", `${generation}-${index}`));
      await gateway.apply({ servers: [shopServer(shop.url, { name: `Shop ${generation}` })] });
      answers.push(...(await Promise.all(calls)));
    }
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(gateway.composed.registry.current?.number).toBe(11);
  });
});

describe("a server whose tools are found at run time", () => {
  test("a tool it adds appears in the graph, the lists and the search", async () => {
    await using fixture = await startMcpHttpFixture("modern");
    await using gateway = await startGateway({
      servers: [{ id: "live", type: "mcp", server_specific_config: { url: fixture.url } }],
      connectors,
    });
    const fields = async () =>
      JSON.stringify(
        (await gateway.graphql("{ __schema { mutationType { fields { name type { fields { name } } } } } }")).body,
      );
    expect(await fields()).not.toContain("paintTheFence");
    const changed = nextGeneration(gateway);
    const { body } = await gateway.rest({
      server_id: "live",
      tool_name: "grow",
      tool_input: { name: "paint_the_fence" },
    });
    expect(body.status).toBe("success");
    await changed;
    expect(await fields()).toContain("paintTheFence");
    expect((await gateway.get("/api/v1/mcp/tools?server_id=live")).text).toContain("paint_the_fence");
    const found = await gateway.graphql('{ searchTools(query: "paint fence", first: 1) { tool { name } } }');
    expect(found.body.data.searchTools).toEqual([{ tool: { name: "paint_the_fence" } }]);
  });

  test("its child process ends with it", async () => {
    using processes = fixtureProcesses();
    const child = { id: "child", type: "mcp", server_specific_config: processes.config("mcp-stdio-fixture") };
    await using gateway = await startGateway({ servers: [child], connectors });
    expect(processes.alive()).toHaveLength(1);
    await gateway.apply({ servers: [] });
    // The retired server is closed beside the swap; its child's end is what the next line waits for.
    await expect.poll(() => processes.alive()).toEqual([]);
  });
});

describe("draining", () => {
  test("ready answers 503 while calls in flight finish, health stays UP", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const inFlight = run(gateway, "shop", "gate-1");
    await shop.arrived("/items/gate-1");
    gateway.composed.gateway.drain();
    const ready = await gateway.get("/api/v1/mcp/ready");
    expect([ready.status, ready.body]).toEqual([503, { status: "DRAINING" }]);
    expect((await gateway.get("/api/v1/mcp/health")).body).toEqual({ status: "UP" });
    shop.openGate();
    expect((await inFlight).status).toBe(200);
  });

  test("a caller that goes away ends its call upstream", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const abort = new AbortController();
    const headers = { authorization: "Bearer developer-token-of-the-tests", "content-type": "application/json" };
    const gone = fetch(`${gateway.url}/api/v1/mcp/chat`, {
      method: "POST",
      headers,
      body: JSON.stringify({ server_id: "shop", tool_name: "get_item", tool_input: { item_id: "hang" } }),
      signal: abort.signal,
    });
    gone.catch(() => {});
    await shop.arrived("/items/hang");
    abort.abort();
    await expect
      .poll(async () => (await gateway.get("/api/v1/mcp/servers/shop")).body.health.running_calls as number)
      .toBe(0);
    const line = gateway.logLines().find(({ error_message }) => /caller went away/.test(String(error_message)));
    expect(line).toMatchObject({ error_code: "MCP_CONNECTION_ERROR" });
  });
});

describe("before the first generation", () => {
  test("ready answers 503 and calls are asked to come again", async () => {
    const composed = compose({ log: pino({ level: "silent" }), env: {}, host: "127.0.0.1", connectors: shopOnly });
    const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
    try {
      const ready = await fetch(`${listening.url}/api/v1/mcp/ready`);
      expect([ready.status, await ready.json()]).toEqual([503, { status: "STARTING" }]);
      const call = await fetch(`${listening.url}/api/v1/mcp/chat`, { method: "POST", body: "{}" });
      expect([call.status, call.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await call.json()).toMatchObject({ error: { code: "MCP_CONNECTION_ERROR", retryable: true } });
      const graphql = await fetch(`${listening.url}/graphql`, { method: "POST", body: "{}" });
      expect(graphql.status).toBe(503);
    } finally {
      await listening.close(0);
      await composed.registry.close();
    }
  });
});
