/** The machine's clock jumps, as after a suspended laptop or a corrected time server: limits, breakers and records hold. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openShop, shopServer } from "../e2e/open-shop.ts";

const HOUR = 3_600_000;
const jumps = [
  ["two days back", -48 * HOUR],
  ["two days ahead", 48 * HOUR],
] as const;

/** Only what `Date.now` says changes; timers and the monotonic clock go on as they are. In place before anything keeps it. */
let offset = 0;
beforeEach(() => {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() + offset);
});
afterEach(() => {
  offset = 0;
  vi.restoreAllMocks();
});

function jump(milliseconds: number): void {
  offset = milliseconds;
}

describe.each(jumps)("the clock goes %s", (_how, milliseconds) => {
  test("an open circuit stays open and names the same wait", async () => {
    await using opened = await openShop({
      more: (url) => [
        shopServer(url, { id: "frail", circuit_breaker: { volume_threshold: 1, reset_timeout_ms: 60_000 } }),
      ],
    });
    const { gateway } = opened;
    await gateway.restByPath("frail", "get_item", { item_id: "status-503" });
    jump(milliseconds);
    const { body } = await gateway.restByPath("frail", "get_item", { item_id: "1" });
    expect(body.error.code).toBe("MCP_CIRCUIT_OPEN");
    expect(body.error.retry_after_ms).toBeGreaterThan(0);
    expect(body.error.retry_after_ms).toBeLessThanOrEqual(60_000);
  });

  test("a caller's limit still holds, and one that used it up is told to wait no longer than its window", async () => {
    // A window of 100 seconds for two calls.
    await using opened = await openShop({ gateway: { limits: { requests_per_second: 0.02, burst_limit: 2 } } });
    const { gateway } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" });
    jump(milliseconds);
    const answers = [];
    for (let call = 0; call < 8; call += 1)
      answers.push(await gateway.restByPath("shop", "get_item", { item_id: "1" }));
    const refused = answers.filter(({ status }) => status === 429);
    // The clock going ahead may end one window early; it never opens the gate for good.
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(1);
    expect(answers.length - refused.length).toBeLessThanOrEqual(3);
    for (const { body } of refused) {
      expect(body.error.code).toBe("RATE_LIMIT_EXCEEDED");
      expect(body.error.retry_after_ms).toBeLessThanOrEqual(100_000);
    }
  });

  test("a write with a request_id still happens once", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const write = { server_id: "shop", tool_name: "add_item", tool_input: { name: "Lamp" }, request_id: "once" };
    expect((await gateway.rest(write)).status).toBe(200);
    jump(milliseconds);
    expect((await gateway.rest(write)).status).toBe(200);
    expect(shop.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("a call in flight keeps its time", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    const running = gateway.restByPath("shop", "get_item", { item_id: "gate-1" });
    await shop.arrived("/items/gate-1");
    jump(milliseconds);
    shop.openGate();
    expect((await running).status).toBe(200);
  });
});
