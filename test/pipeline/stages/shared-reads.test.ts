/** Reads that come together share one call; results are served again while their time lasts and nothing was written. */
import { describe, expect, test } from "vitest";
import { ALICE, BOB, entry, openLedger, turnstile, type OpenedLedger } from "./ledger.ts";

const MINUTE = { cache_ttl_ms: 60_000 };

/** A ledger whose every answer is another one, so that a test sees which read it got. */
function counted(): { respond: () => ReturnType<typeof entry>; count: () => number } {
  let asked = 0;
  return { respond: () => entry(String((asked += 1))), count: () => asked };
}

describe("equal reads at the same time", () => {
  test("share one call, whoever sends them and in whatever order their keys stand", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return entry("1");
    });
    const inputs = [
      [{ id: "1" }, ALICE],
      [{ id: "1", page: 1 }, ALICE],
      [{ page: 1, id: "1" }, BOB],
    ] as const;
    const calls = inputs.map(([input, key]) => ledger.call("read_entry", input, {}, key));
    await allWaiting(ledger, 3);
    gate.open();
    const answers = await Promise.all(calls);
    expect(answers.map(({ body }) => body.tool_output.id)).toEqual(["1", "1", "1"]);
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("with other arguments are other reads", async () => {
    await using ledger = await openLedger(({ path }) => entry(path.split("/")[2]!));
    const answers = await Promise.all(["1", "2"].map((id) => ledger.call("read_entry", { id })));
    expect(answers.map(({ body }) => body.tool_output.id)).toEqual(["1", "2"]);
  });

  test("share a failure, which the next read does not get", async () => {
    const gate = turnstile();
    let asked = 0;
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return (asked += 1) === 1 ? { status: 500, json: {} } : entry("1");
    });
    const calls = [ledger.call("read_entry", { id: "1" }), ledger.call("read_entry", { id: "1" })];
    await allWaiting(ledger, 2);
    gate.open();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([502, 502]);
    expect((await ledger.call("read_entry", { id: "1" })).status).toBe(200);
    expect(asked).toBe(2);
  });

  test("the one that asked may leave; the others get their answer", async () => {
    const gate = turnstile();
    await using ledger = await openLedger(async () => {
      await gate.wait();
      return entry("1");
    });
    const leaving = new AbortController();
    const first = abandonable(ledger, leaving.signal);
    await gate.arrived(1);
    const second = ledger.call("read_entry", { id: "1" });
    await allWaiting(ledger, 2);
    leaving.abort();
    await expect(first).rejects.toThrow();
    await logged(ledger, "The caller went away");
    gate.open();
    expect((await second).body.tool_output.id).toBe("1");
    expect(ledger.upstream.requests).toHaveLength(1);
  });

  test("a read that nobody waits for any more is ended, and the next one begins anew", async () => {
    const gate = turnstile();
    const hungUp = Promise.withResolvers<void>();
    let asked = 0;
    await using ledger = await openLedger(async (_request, response) => {
      if ((asked += 1) > 1) return entry("2");
      response.once("close", () => hungUp.resolve());
      await gate.wait();
    });
    const leaving = new AbortController();
    const first = abandonable(ledger, leaving.signal);
    await gate.arrived(1);
    leaving.abort();
    await expect(first).rejects.toThrow();
    await hungUp.promise;
    expect((await ledger.call("read_entry", { id: "1" })).body.tool_output.id).toBe("2");
  });

  test("one that begins after a write does not join one that began before it", async () => {
    const gate = turnstile();
    let reads = 0;
    await using ledger = await openLedger(async ({ method }) => {
      if (method === "POST") return entry("9");
      if ((reads += 1) === 1) await gate.wait();
      return entry(String(reads));
    });
    const before = ledger.call("read_entry", { id: "1" });
    await gate.arrived(1);
    await ledger.call("book_entry", { text: "rent" });
    const after = await ledger.call("read_entry", { id: "1" });
    gate.open();
    expect(after.body.tool_output.id).toBe("2");
    await before;
  });
});

describe("a result with a time to live", () => {
  test("is served again, says so and how old it is, and is shaped for each caller", async () => {
    const { respond, count } = counted();
    await using ledger = await openLedger(respond, { server: MINUTE });
    await ledger.call("read_entry", { id: "1" });
    const { body } = await ledger.gateway.graphql(
      `mutation { executeTool(serverId: "ledger", toolName: "read_entry", input: {id: "1"}, select: "text") {
        output cached ageMs attempts replayed } }`,
      {},
      { "x-api-key": BOB },
    );
    const { ageMs, ...rest } = body.data.executeTool;
    expect(rest).toEqual({ output: "Entry 1", cached: true, attempts: 0, replayed: false });
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(count()).toBe(1);
  });

  test("is asked for anew by no_cache, which refreshes it for the others", async () => {
    await using ledger = await openLedger(counted().respond, { server: MINUTE });
    const ids = [];
    for (const fields of [{}, { no_cache: true }, {}]) {
      ids.push((await ledger.call("read_entry", { id: "1" }, fields)).body.tool_output.id);
    }
    expect(ids).toEqual(["1", "2", "2"]);
  });

  test("is asked for anew when its time is over", async () => {
    await using ledger = await openLedger(counted().respond, { server: { cache_ttl_ms: 1 } });
    await ledger.call("read_entry", { id: "1" });
    await expect.poll(async () => (await ledger.call("read_entry", { id: "1" })).body.tool_output.id).not.toBe("1");
  });

  test("a tool's own time to live wins over its server's", async () => {
    const { respond, count } = counted();
    await using ledger = await openLedger(respond, { server: MINUTE });
    await ledger.call("read_total", {});
    await ledger.call("read_total", {});
    expect(count()).toBe(2);
  });

  test("nothing is kept where nothing is configured", async () => {
    const { respond, count } = counted();
    await using ledger = await openLedger(respond);
    await ledger.call("read_entry", { id: "1" });
    await ledger.call("read_entry", { id: "1" });
    expect(count()).toBe(2);
  });

  test("an error is never kept", async () => {
    let asked = 0;
    await using ledger = await openLedger(() => ((asked += 1) === 1 ? { status: 404, json: {} } : entry("1")), {
      server: MINUTE,
    });
    expect((await ledger.call("read_entry", { id: "1" })).status).toBe(404);
    expect((await ledger.call("read_entry", { id: "1" })).status).toBe(200);
  });

  test("is not served to calls that tell of another conversation", async () => {
    await using ledger = await openLedger(counted().respond, { server: MINUTE });
    const ids = [];
    for (const thread_id of ["a", "b", "a"]) {
      const { body } = await ledger.call("read_entry", { id: "1" }, { conversation_context: { thread_id } });
      ids.push(body.tool_output.id);
    }
    expect(ids).toEqual(["1", "2", "1"]);
  });

  test("does not outlive a change of the server's address", async () => {
    await using old = await openLedger(() => entry("old"), { server: MINUTE });
    await using other = await openLedger(() => entry("new"));
    await old.call("read_entry", { id: "1" });
    const server = { id: "ledger", type: "ledger", base_url: other.upstream.url, ...MINUTE };
    await old.gateway.apply({
      servers: [server],
      gateway: { auth: { api_keys: [{ id: "alice", key_ref: "ALICE_KEY", roles: ["agent"] }] } },
    });
    expect((await old.call("read_entry", { id: "1" })).body.tool_output.id).toBe("new");
  });
});

describe("a write", () => {
  test("invalidates what was read from its server, even when its outcome is not known", async () => {
    const { respond } = counted();
    await using ledger = await openLedger(({ method }) => (method === "POST" ? { status: 500, json: {} } : respond()), {
      server: MINUTE,
    });
    await ledger.call("read_entry", { id: "1" });
    await ledger.call("book_entry", { text: "rent" });
    expect((await ledger.call("read_entry", { id: "1" })).body.tool_output.id).toBe("2");
  });

  test("a read begun before it never fills the cache after it", async () => {
    const gate = turnstile();
    let reads = 0;
    await using ledger = await openLedger(
      async ({ method }) => {
        if (method === "POST") return entry("9");
        if ((reads += 1) === 1) await gate.wait();
        return entry(String(reads === 1 ? "stale" : reads));
      },
      { server: MINUTE },
    );
    const before = ledger.call("read_entry", { id: "1" });
    await gate.arrived(1);
    await ledger.call("book_entry", { text: "rent" });
    gate.open();
    expect((await before).body.tool_output.id).toBe("stale");
    expect((await ledger.call("read_entry", { id: "1" })).body.tool_output.id).toBe("2");
  });
});

describe("a server that fails", () => {
  const stale = { cache_ttl_ms: 1, stale_if_error_ms: 60_000 };

  test("may be stood in for by an old result, where the operator allows it", async () => {
    let isUp = true;
    await using ledger = await openLedger(() => (isUp ? entry("1") : { status: 503, json: {} }), { server: stale });
    await ledger.call("read_entry", { id: "1" });
    isUp = false;
    const again = async () => {
      const { body } = await ledger.call("read_entry", { id: "1" });
      expect(body).toMatchObject({ status: "success", tool_output: { id: "1" } });
      return ledger.upstream.requests.length;
    };
    // Its time is over once the server is asked again, in vain.
    await expect.poll(again, { interval: 2 }).toBeGreaterThan(1);
    expect((await ledger.call("read_entry", { id: "1" }, { no_cache: true })).status).toBe(502);
  });

  test("is not stood in for when it refuses, nor by what a write may have changed", async () => {
    let answer = entry("1");
    await using ledger = await openLedger(({ method }) => (method === "POST" ? entry("9") : answer), { server: stale });
    await ledger.call("read_entry", { id: "1" });
    answer = { status: 404, json: {} };
    await expect.poll(async () => (await ledger.call("read_entry", { id: "1" })).status, { interval: 2 }).toBe(404);
    await ledger.call("book_entry", { text: "rent" });
    answer = { status: 503, json: {} };
    expect((await ledger.call("read_entry", { id: "1" })).status).toBe(502);
  });
});

function abandonable(ledger: OpenedLedger, signal: AbortSignal): Promise<Response> {
  return fetch(new URL("/api/v1/mcp/chat", ledger.gateway.url), {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": ALICE },
    body: JSON.stringify({ server_id: "ledger", tool_name: "read_entry", tool_input: { id: "1" } }),
    signal,
  });
}

/** Resolves when that many calls are in the gateway; a flight counts as one more. */
async function allWaiting(ledger: OpenedLedger, count: number): Promise<void> {
  const runtime = ledger.gateway.composed.registry.current!.servers.get("ledger")!.runtime;
  await expect.poll(() => runtime.running, { interval: 5 }).toBe(count + 1);
}

/** Resolves when a call was closed with that message. */
async function logged(ledger: OpenedLedger, message: string): Promise<void> {
  const lines = () => ledger.gateway.logLines().filter((line) => String(line.error_message).startsWith(message));
  await expect.poll(() => lines().length, { interval: 5 }).toBeGreaterThan(0);
}
