/** A call whose time is up says whether anything went out: a server that accepts no connection cannot have acted. */
import { expect, test } from "vitest";
import { startRawServer } from "../../outbound/raw-server.ts";
import { openLedger } from "./ledger.ts";

const impatient = { timeout_ms: 150 };

test("a write to a server that never finishes the handshake may be sent again, with the same request_id too", async () => {
  await using mute = await startRawServer(() => {});
  const upstream = { url: mute.url.replace("http:", "https:"), requests: [], [Symbol.asyncDispose]: async () => {} };
  await using ledger = await openLedger(() => {}, { server: impatient, upstream });
  for (const fields of [{}, { request_id: "r-1" }, { request_id: "r-1" }]) {
    const { status, body } = await ledger.call("book_entry", { text: "rent" }, fields);
    expect(status).toBe(504);
    expect(body.error).toMatchObject({ code: "MCP_CONNECTION_ERROR", retryable: true, details: null });
    expect(body.error.message).toBe("Server 'ledger' could not be reached within 150 ms; nothing was sent.");
    expect(body.error.suggestion).toMatch(/^Nothing was done/);
  }
});

test("a write that went out before its time was up may have happened", async () => {
  await using ledger = await openLedger(() => new Promise<never>(() => {}), { server: { timeout_ms: 1_000 } });
  const { body } = await ledger.call("book_entry", { text: "rent" });
  expect(body.error).toMatchObject({ retryable: false, details: { outcome: "unknown" } });
  expect(ledger.upstream.requests).toHaveLength(1);
});
