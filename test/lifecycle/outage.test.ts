/** An outage of a server, seen from the server: retries do not multiply it, and the breaker ends it. */
import { describe, expect, test } from "vitest";
import { shopServer } from "../e2e/open-shop.ts";
import { shopOnly } from "../e2e/shop-connector.ts";
import { startGateway } from "../support/start-gateway.ts";
import { startUpstream } from "../support/upstream.ts";

const CALLS = 200;

async function outage(changes: Record<string, unknown>) {
  await using upstream = await startUpstream(() => ({ status: 503, json: { message: "Down." } }));
  const server = shopServer(upstream.url, { retry_policy: { max_attempts: 5, backoff_ms: 1 }, ...changes });
  const limits = { requests_per_second: 100_000, burst_limit: 100_000, concurrent_calls_per_caller: 1_000 };
  await using gateway = await startGateway({ servers: [server], gateway: { limits }, connectors: shopOnly });
  const codes: string[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const { body } = await gateway.restByPath("shop", "get_item", { item_id: `${call}` });
    codes.push(body.error.code as string);
  }
  return { requests: upstream.requests.length, codes };
}

describe("a server that fails every call", () => {
  test("is asked a tenth more often than it was called, not five times as often", async () => {
    const { requests } = await outage({ circuit_breaker: { volume_threshold: 100_000 } });
    expect(requests).toBeGreaterThan(CALLS);
    expect(requests).toBeLessThanOrEqual(CALLS * 1.1 + 11);
  });

  test("is left alone once its circuit opened", async () => {
    const { requests, codes } = await outage({ circuit_breaker: { volume_threshold: 5, reset_timeout_ms: 60_000 } });
    expect(requests).toBeLessThanOrEqual(5 * 5);
    expect(codes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => "MCP_SERVER_ERROR"));
    expect(new Set(codes.slice(5))).toEqual(new Set(["MCP_CIRCUIT_OPEN"]));
  });
});
