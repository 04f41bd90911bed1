/** What callers and operators see of a sick server's circuit, on every door, and how an operator closes it. */
import { describe, expect, test } from "vitest";
import { openShop, shopServer } from "../e2e/open-shop.ts";

const callers = {
  env: { AGENT_KEY: "agent-key-of-the-tests", OPERATOR_KEY: "operator-key-of-the-tests" },
  gateway: {
    auth: {
      api_keys: [
        { id: "agent-1", key_ref: "AGENT_KEY", roles: ["agent"] },
        { id: "olga", key_ref: "OPERATOR_KEY", roles: ["agent", "operator"] },
      ],
    },
    policies: [{ roles: ["agent"], allow: [{}] }],
  },
};
const agent = { authorization: "Bearer agent-key-of-the-tests" };
const operator = { authorization: "Bearer operator-key-of-the-tests" };
const RESET = `mutation { resetCircuit(serverId: "frail") { id health { circuit recentErrors { code } } } }`;

async function openSickShop() {
  const opened = await openShop({
    ...callers,
    more: (url) => [
      shopServer(url, { id: "frail", circuit_breaker: { volume_threshold: 2, reset_timeout_ms: 60_000 } }),
    ],
  });
  for (let call = 0; call < 2; call += 1) {
    await opened.gateway.restByPath("frail", "get_item", { item_id: "status-503" }, agent);
  }
  return opened;
}

describe("a server's open circuit", () => {
  test("refuses calls with Retry-After, asks the server nothing, and leaves other servers alone", async () => {
    await using opened = await openSickShop();
    const { shop, gateway } = opened;
    const asked = shop.requests.length;
    const refused = await gateway.restByPath("frail", "get_item", { item_id: "1" }, agent);
    expect(refused.status).toBe(503);
    expect(refused.body.error.code).toBe("MCP_CIRCUIT_OPEN");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(shop.requests.length).toBe(asked);
    expect((await gateway.restByPath("shop", "get_item", { item_id: "1" }, agent)).status).toBe(200);
  });

  test("is tried by one request once its time is over, however often calls may be retried", async () => {
    await using opened = await openShop({
      more: (url) => [
        shopServer(url, {
          id: "frail",
          retry_policy: { max_attempts: 5, backoff_ms: 1 },
          circuit_breaker: { volume_threshold: 1, reset_timeout_ms: 100 },
        }),
      ],
    });
    const { shop, gateway } = opened;
    const call = () => gateway.restByPath("frail", "get_item", { item_id: "status-503" });
    const circuit = async () => (await gateway.get("/api/v1/mcp/servers/frail")).body.health.circuit as string;
    await call();
    await expect.poll(circuit).toBe("half_open");
    const asked = shop.requests.length;
    expect((await call()).body.error.code).toBe("MCP_SERVER_ERROR");
    expect(shop.requests.length).toBe(asked + 1);
    expect(await circuit()).toBe("open");
  });

  test("is shown with its latest failures in REST and GraphQL", async () => {
    await using opened = await openSickShop();
    const { gateway } = opened;
    const { body } = await gateway.get("/api/v1/mcp/servers/frail", agent);
    expect(body.health).toMatchObject({ circuit: "open", running_calls: 0 });
    expect(Date.parse(body.health.circuit_since)).toBeLessThanOrEqual(Date.now());
    expect(body.health.recent_errors).toHaveLength(2);
    expect(body.health.recent_errors[0]).toMatchObject({
      code: "MCP_SERVER_ERROR",
      message: "The server answered 503.",
    });
    const query = `{ server(id: "frail") { health { circuit since recentErrors { code message at } runningCalls } } }`;
    const { data } = (await gateway.graphql(query, {}, agent)).body;
    expect(data.server.health).toEqual({
      circuit: "OPEN",
      since: body.health.circuit_since,
      recentErrors: body.health.recent_errors,
      runningCalls: 0,
    });
  });

  test("is closed by an operator, and the log keeps who did it", async () => {
    await using opened = await openSickShop();
    const { gateway } = opened;
    const { data } = (await gateway.graphql(RESET, {}, operator)).body;
    expect(data.resetCircuit).toMatchObject({ id: "frail", health: { circuit: "CLOSED" } });
    expect((await gateway.restByPath("frail", "get_item", { item_id: "1" }, agent)).status).toBe(200);
    expect(gateway.logLines()).toContainEqual(
      expect.objectContaining({
        audit: true,
        action: "reset_circuit",
        server_id: "frail",
        caller_id: "olga",
        was: "open",
      }),
    );
    const unknown = (await gateway.graphql(`mutation { resetCircuit(serverId: "nowhere") { id } }`, {}, operator)).body;
    expect(unknown.errors?.[0]?.extensions.code).toBe("ROUTING_ERROR");
  });

  test("cannot be closed by anybody else: the graph of a caller with the same permissions does not have the field", async () => {
    await using opened = await openSickShop();
    const { gateway } = opened;
    const refused = (await gateway.graphql(RESET, {}, agent)).body;
    expect(refused.errors?.[0]?.extensions.code).toBe("VALIDATION_ERROR");
    expect((await gateway.get("/api/v1/mcp/servers/frail", agent)).body.health.circuit).toBe("open");
    const fields = `{ __type(name: "Mutation") { fields { name } } }`;
    const seen = async (headers: Record<string, string>) => (await gateway.graphql(fields, {}, headers)).text;
    expect(await seen(agent)).not.toContain("resetCircuit");
    expect(await seen(operator)).toContain("resetCircuit");
  });

  test("is not opened by what callers do wrong, however often", async () => {
    await using opened = await openSickShop();
    const { gateway } = opened;
    await gateway.graphql(RESET, {}, operator);
    for (let call = 0; call < 30; call += 1) {
      await gateway.restByPath("frail", "get_item", { item_id: "status-404" }, agent);
      await gateway.restByPath("frail", "get_item", { item_id: 7 }, agent);
    }
    expect((await gateway.restByPath("frail", "get_item", { item_id: "1" }, agent)).status).toBe(200);
    expect((await gateway.get("/api/v1/mcp/servers/frail", agent)).body.health.circuit).toBe("closed");
  });
});
