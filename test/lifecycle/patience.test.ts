/** How long a caller waits: its own deadline, and its going away, end the work on servers. */
import { describe, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import { shopServer } from "../e2e/open-shop.ts";
import { shopOnly } from "../e2e/shop-connector.ts";
import { fixtureProcesses } from "../support/mcp-processes.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { startUpstream } from "../support/upstream.ts";

interface SilentShop extends AsyncDisposable {
  readonly gateway: StartedGateway;
  /** Resolves when a request has arrived. */
  readonly asked: Promise<void>;
  /** Resolves when the gateway hung up on it. */
  readonly hungUp: Promise<void>;
  readonly count: () => number;
}

/** A shop that takes requests and never answers. */
async function openSilentShop(): Promise<SilentShop> {
  const asked = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const upstream = await startUpstream((_request, response) => {
    response.once("close", () => hungUp.resolve());
    asked.resolve();
  });
  const shop = shopServer(upstream.url, { timeout_ms: 600_000, circuit_breaker: { volume_threshold: 1 } });
  const gateway = await startGateway({ servers: [shop], connectors: shopOnly });
  return {
    gateway,
    asked: asked.promise,
    hungUp: hungUp.promise,
    count: () => upstream.requests.length,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const inTime = { "x-request-timeout-ms": "700" };
const read = { server_id: "shop", tool_name: "get_item", tool_input: { item_id: "1" } };
const write = { server_id: "shop", tool_name: "add_item", tool_input: { name: "Lamp" } };

describe("X-Request-Timeout-Ms", () => {
  test.each([
    ["a read", read],
    ["a write", write],
  ])("ends %s in time, hangs up on the server, and is no fault of the server", async (_kind, call) => {
    await using opened = await openSilentShop();
    const { gateway, hungUp } = opened;
    const { status, body } = await gateway.rest(call, inTime);
    expect(status).toBe(504);
    expect(body.error).toMatchObject({ code: "MCP_CONNECTION_ERROR" });
    expect(body.error.message).toContain("700 ms that X-Request-Timeout-Ms allows");
    await hungUp;
    const { health } = (await gateway.get("/api/v1/mcp/servers/shop")).body;
    expect(health).toMatchObject({ circuit: "closed", recent_errors: [], running_calls: 0 });
  });

  test("bounds a GraphQL request as a whole, however many calls it makes one after the other", async () => {
    await using opened = await openSilentShop();
    const { gateway, count } = opened;
    const calls = Array.from({ length: 5 }, (_, index) => ({
      serverId: "shop",
      toolName: "add_item",
      input: { name: `${index}` },
    }));
    const query = `mutation Run($calls: [ToolCallInput!]!) { executeTools(calls: $calls, mode: SEQUENTIAL) { error { code message } } }`;
    const { body } = await gateway.graphql(query, { calls }, inTime);
    const errors = (body.data.executeTools as { error: { message: string } }[]).map(({ error }) => error.message);
    expect(errors).toHaveLength(5);
    for (const message of errors) expect(message).toContain("X-Request-Timeout-Ms");
    expect(count()).toBe(1);
  });

  test("that is no time is refused before anything is sent", async () => {
    await using opened = await openSilentShop();
    const { gateway, count } = opened;
    for (const value of ["0", "-1", "soon", "1.5", "9999999"]) {
      const { status, body } = await gateway.rest(read, { "x-request-timeout-ms": value });
      expect([status, body.error.code, body.error.details[0].path]).toEqual([
        400,
        "VALIDATION_ERROR",
        "X-Request-Timeout-Ms",
      ]);
    }
    expect(count()).toBe(0);
  });
});

describe("a caller that goes away", () => {
  test.each([
    ["REST", "/api/v1/mcp/chat", read],
    [
      "GraphQL",
      "/graphql",
      { query: `mutation { executeTool(serverId: "shop", toolName: "add_item", input: { name: "Lamp" }) { status } }` },
    ],
  ])("over %s takes its call on the server along", async (_door, path, body) => {
    await using opened = await openSilentShop();
    const { gateway, asked, hungUp } = opened;
    const caller = new AbortController();
    const gone = fetch(gateway.url + path, {
      method: "POST",
      headers: { authorization: "Bearer developer-token-of-the-tests", "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: caller.signal,
    }).catch((error: unknown) => error);
    await asked;
    caller.abort();
    await hungUp;
    expect(await gone).toMatchObject({ name: "AbortError" });
    const { health } = (await gateway.get("/api/v1/mcp/servers/shop")).body;
    expect(health).toMatchObject({ circuit: "closed", recent_errors: [] });
  });

  test("has an MCP server told to cancel", async () => {
    using processes = fixtureProcesses();
    await using gateway = await startGateway({
      servers: [{ id: "child", type: "mcp", server_specific_config: processes.config("mcp-stdio-fixture") }],
      connectors,
    });
    const hanging = await gateway.restByPath("child", "hang", {}, { "x-request-timeout-ms": "500" });
    expect(hanging.status).toBe(504);
    await expect.poll(async () => (await gateway.restByPath("child", "cancelled", {})).text).toMatch(/cancelled\\?":1/);
  });
});
