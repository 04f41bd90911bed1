/** A write with a request_id happens once, whatever is repeated, lost or broken between the caller and the server. */
import { request as httpRequest } from "node:http";
import { describe, expect, test } from "vitest";
import { ALICE, BOB, entry, openLedger, turnstile, type OpenedLedger } from "./ledger.ts";

const REQUEST = { request_id: "r-1" };

describe("a repeated write", () => {
  test("gets the first outcome again and reaches the server once", async () => {
    let booked = 0;
    await using ledger = await openLedger(() => entry(String((booked += 1))));
    const first = await ledger.call("book_entry", { text: "rent", tags: { a: "1", b: "2" } }, REQUEST);
    const second = await ledger.call("book_entry", { tags: { b: "2", a: "1" }, text: "rent" }, REQUEST);
    expect(first.body).toMatchObject({ status: "success", tool_output: { id: "1" }, original_request_id: "r-1" });
    expect(second.body).toEqual(first.body);
    expect(booked).toBe(1);
    expect(replays(ledger)).toEqual([undefined, true]);
  });

  test("may be shaped otherwise: select is no part of what was done", async () => {
    await using ledger = await openLedger(() => entry("1"));
    await ledger.call("book_entry", { text: "rent" }, REQUEST);
    const { body } = await ledger.call("book_entry", { text: "rent" }, { ...REQUEST, select: "text" });
    expect(body.tool_output).toBe("Entry 1");
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("is refused while the first one runs", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return entry("1");
    });
    const first = ledger.call("book_entry", { text: "rent" }, REQUEST);
    await gate.arrived(1);
    const second = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    gate.open();
    expect(second.status).toBe(409);
    expect(second.body.error).toMatchObject({ code: "REQUEST_IN_PROGRESS", retryable: true, retry_after_ms: 1000 });
    expect(second.headers.get("retry-after")).toBe("1");
    expect((await first).status).toBe(200);
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("twenty at once do it once", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return entry("1");
    });
    const statuses: number[] = [];
    const calls = Array.from({ length: 20 }, async () => {
      const { status } = await ledger.call("book_entry", { text: "rent" }, REQUEST);
      statuses.push(status);
      // All the others have their answer before the one that runs can get its own.
      if (statuses.length === 19) gate.open();
    });
    await Promise.all(calls);
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 409), 200]);
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("with other arguments, or for another tool, is a mistake", async () => {
    await using ledger = await openLedger(() => entry("1"));
    await ledger.call("book_entry", { text: "rent" }, REQUEST);
    const otherText = await ledger.call("book_entry", { text: "wages" }, REQUEST);
    const otherTool = await ledger.call("book_once", { text: "rent" }, REQUEST);
    for (const { status, body } of [otherText, otherTool]) {
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code: "VALIDATION_ERROR", details: [{ path: "request_id" }] });
    }
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("of another caller is another write", async () => {
    let booked = 0;
    await using ledger = await openLedger(() => entry(String((booked += 1))));
    const alice = await ledger.call("book_entry", { text: "rent" }, REQUEST, ALICE);
    const bob = await ledger.call("book_entry", { text: "rent" }, REQUEST, BOB);
    expect([alice.body.tool_output.id, bob.body.tool_output.id]).toEqual(["1", "2"]);
  });

  test("a read only echoes its request_id", async () => {
    await using ledger = await openLedger(() => entry("1"));
    for (const id of ["1", "2"]) {
      const { body } = await ledger.call("read_entry", { id }, REQUEST);
      expect(body).toMatchObject({ status: "success", original_request_id: "r-1" });
    }
    expect(ledger.upstream.requests).toHaveLength(2);
  });
});

describe("a write that failed", () => {
  test.each([
    ["the server refused it", { status: 422, json: {} }, "MCP_CLIENT_ERROR"],
    ["the server took no more calls", { status: 429, json: {} }, "MCP_RATE_LIMIT_EXCEEDED"],
  ])("may be repeated with the same request_id when %s", async (_name, refusal, code) => {
    let asked = 0;
    await using ledger = await openLedger(() => ((asked += 1) === 1 ? refusal : entry("1")));
    const first = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    const second = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    expect(first.body.error.code).toBe(code);
    expect(second.body.status).toBe("success");
  });

  test("is not repeated when the server may have done it: the answer says so, and what to check", async () => {
    await using ledger = await openLedger(() => ({ status: 500, json: {} }));
    const first = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    const second = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    expect(first.body.error).toMatchObject({
      code: "MCP_SERVER_ERROR",
      retryable: false,
      details: { outcome: "unknown" },
    });
    expect(first.body.error.details.check).toMatch(/book_entry may have taken effect: look on 'ledger'.*new one/);
    expect(second.status).toBe(first.status);
    expect(second.body).toEqual(first.body);
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("tells an unknown outcome without a request_id too", async () => {
    await using ledger = await openLedger(() => ({ status: 500, json: {} }));
    const { body } = await ledger.call("book_entry", { text: "rent" });
    expect(body.error.details).toMatchObject({
      outcome: "unknown",
      check: expect.stringMatching(/only if it did not/),
    });
  });

  test("a refused write has no unknown outcome", async () => {
    await using ledger = await openLedger(() => ({ status: 422, json: {} }));
    const { body } = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    expect(body.error.details).toBeNull();
  });
});

describe("a caller that loses its connection", () => {
  test("finds the outcome when it asks again with the same request_id", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return entry("1");
    });
    const url = new URL("/api/v1/mcp/chat", ledger.gateway.url);
    const lost = httpRequest(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": ALICE },
    });
    lost.on("error", () => {});
    lost.end(
      JSON.stringify({ server_id: "ledger", tool_name: "book_entry", tool_input: { text: "rent" }, ...REQUEST }),
    );
    await gate.arrived(1);
    const closed = new Promise((resolve) => lost.once("close", resolve));
    lost.destroy();
    await closed;
    const early = await ledger.call("book_entry", { text: "rent" }, REQUEST);
    gate.open();
    await expect
      .poll(async () => (await ledger.call("book_entry", { text: "rent" }, REQUEST)).body)
      .toMatchObject({ status: "success", tool_output: { id: "1" } });
    expect(early.status).toBe(409);
    expect(ledger.upstream.requests).toHaveLength(1);
  });
});

describe("a key that the server honours", () => {
  test("is sent, the same for each attempt, and no other caller's", async () => {
    let asked = 0;
    await using ledger = await openLedger(() => ((asked += 1) % 2 === 1 ? { status: 503, json: {} } : entry("1")), {
      server: { retry_policy: { max_attempts: 2, backoff_ms: 1 } },
    });
    const alice = await ledger.call("book_once", { text: "rent" }, REQUEST, ALICE);
    const bob = await ledger.call("book_once", { text: "rent" }, REQUEST, BOB);
    expect([alice.status, bob.status]).toEqual([200, 200]);
    const keys = ledger.upstream.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[\w-]{20,64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[3]).toBe(keys[2]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test("lets a write without request_id be tried again, under a key of its own", async () => {
    let asked = 0;
    await using ledger = await openLedger(() => ((asked += 1) === 1 ? { status: 503, json: {} } : entry("1")), {
      server: { retry_policy: { max_attempts: 2, backoff_ms: 1 } },
    });
    const { status } = await ledger.call("book_once", { text: "rent" });
    expect(status).toBe(200);
    const [first, second] = ledger.upstream.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(first).toBe(second);
  });

  test("is not sent to a server that promises nothing, whose writes are not tried again", async () => {
    await using ledger = await openLedger(() => ({ status: 503, json: {} }), {
      server: { retry_policy: { max_attempts: 3, backoff_ms: 1 } },
    });
    await ledger.call("book_entry", { text: "rent" }, REQUEST);
    expect(ledger.upstream.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([undefined]);
  });
});

/** `replayed` of each call's log line. */
function replays(ledger: OpenedLedger): unknown[] {
  return ledger.gateway
    .logLines()
    .filter(({ component }) => component === "pipeline")
    .map(({ replayed }) => replayed);
}
