/** Each caller has its own limits: a request counts as the tool calls it carries, or as one. */
import { describe, expect, test } from "vitest";
import { ALICE, BOB, entry, openLedger, turnstile } from "./ledger.ts";

function limits(changes: Record<string, number>): Record<string, unknown> {
  return {
    limits: { requests_per_second: 1000, burst_limit: 1000, concurrent_calls_per_caller: 1000, ...changes },
    auth: {
      api_keys: [
        { id: "alice", key_ref: "ALICE_KEY", roles: ["agent"] },
        { id: "bob", key_ref: "BOB_KEY", roles: ["agent"] },
      ],
    },
  };
}

describe("the limits of a caller", () => {
  test("a burst passes, what is over it waits for the time told, and other callers are not affected", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      gateway: limits({ requests_per_second: 0.1, burst_limit: 3 }),
    });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push(await ledger.call("read_entry", { id: String(index) }));
    }
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const refused = statuses[3]!;
    expect(refused.body.error).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", retryable: true });
    expect(refused.body.error.retry_after_ms).toBeGreaterThan(20_000);
    expect(refused.body.error.retry_after_ms).toBeLessThanOrEqual(30_000);
    expect(Number(refused.headers.get("retry-after"))).toBe(Math.ceil(refused.body.error.retry_after_ms / 1000));
    expect((await ledger.call("read_entry", { id: "1" }, {}, BOB)).status).toBe(200);
    expect(ledger.upstream.requests).toHaveLength(4);
  });

  test("the calls of one GraphQL request count one by one", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      gateway: limits({ requests_per_second: 0.1, burst_limit: 2 }),
    });
    const { body } = await ledger.gateway.graphql(
      `mutation Run($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { status error { code } } }`,
      { calls: ["1", "2", "3"].map((id) => ({ serverId: "ledger", toolName: "read_entry", input: { id } })) },
      { "x-api-key": ALICE },
    );
    const codes = body.data.executeTools.map((each: { error?: { code: string } }) => each.error?.code);
    expect(codes).toEqual([undefined, undefined, "RATE_LIMIT_EXCEEDED"]);
  });

  test("a request without a tool call counts as one, on both doors; what is asked of the process itself does not", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      gateway: limits({ requests_per_second: 0.1, burst_limit: 4 }),
    });
    const { gateway } = ledger;
    const key = { "x-api-key": ALICE };
    const list = (path: string) => gateway.get(path, key);
    for (let index = 0; index < 10; index += 1) {
      expect((await list("/api/v1/mcp/health")).status).toBe(200);
      expect((await list("/metrics")).status).toBe(200);
    }
    expect((await list("/api/v1/mcp/tools?query=entry")).status).toBe(200);
    expect((await list("/api/v1/mcp/servers")).status).toBe(200);
    expect((await gateway.graphql("{ servers { id } }", {}, key)).status).toBe(200);
    expect((await gateway.graphql("{ __schema { queryType { name } } }", {}, key)).status).toBe(200);

    const refused = [
      await list("/api/v1/mcp/servers"),
      await list("/api/v1/mcp/results/r_1"),
      await gateway.graphql("{ servers { id } }", {}, key),
      await ledger.call("read_entry", { id: "1" }),
    ];
    for (const { status, headers } of refused) {
      expect(status).toBe(429);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(30);
    }
    expect(refused[0]!.body).toMatchObject({ error: { code: "RATE_LIMIT_EXCEEDED", retryable: true } });
    expect(refused[2]!.body).toMatchObject({ errors: [{ extensions: { code: "RATE_LIMIT_EXCEEDED" } }] });
    expect((await ledger.call("read_entry", { id: "1" }, {}, BOB)).status).toBe(200);
    expect((await list("/metrics")).text).toMatch(
      /^toolgraph_rate_limit_refusals_total{limit="caller",server_id=""} 4$/m,
    );
  });

  test("only so many calls run at the same time; one that ends makes room", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(
      async () => {
        await gate.wait();
        return entry("1");
      },
      { gateway: limits({ concurrent_calls_per_caller: 2 }) },
    );
    const running = ["1", "2"].map((id) => ledger.call("read_entry", { id }));
    await gate.arrived(2);
    const third = await ledger.call("read_entry", { id: "3" });
    expect(third.body.error).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", retry_after_ms: 1000 });
    gate.open();
    await Promise.all(running);
    expect((await ledger.call("read_entry", { id: "3" })).status).toBe(200);
  });

  test("a refused write with a request_id was not done and may be sent again", async () => {
    await using ledger = await openLedger(() => entry("1"), {
      gateway: limits({ requests_per_second: 10, burst_limit: 1 }),
    });
    await ledger.call("read_entry", { id: "1" });
    const write = () => ledger.call("book_entry", { text: "rent" }, { request_id: "r-1" });
    expect((await write()).status).toBe(429);
    await expect.poll(async () => (await write()).status).toBe(200);
  });
});
