/** What a fault of the connection means: did the server act, and is another try worth it? */
import { expect, it } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { connectionError } from "../../src/outbound/connection-error.ts";

const fault = (code: string) => Object.assign(new Error("connect 10.1.2.3:8443"), { code });

it.each([
  ["ECONNREFUSED", "MCP_CONNECTION_ERROR", "no", true],
  ["ENOTFOUND", "MCP_CONNECTION_ERROR", "no", true],
  ["UND_ERR_CONNECT_TIMEOUT", "MCP_CONNECTION_ERROR", "no", true],
  ["ECONNRESET", "MCP_CONNECTION_ERROR", "unknown", false],
  ["UND_ERR_SOCKET", "MCP_CONNECTION_ERROR", "unknown", false],
  ["EPIPE", "MCP_CONNECTION_ERROR", "unknown", false],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "MCP_CONNECTION_ERROR", "no", false],
  ["CERT_HAS_EXPIRED", "MCP_CONNECTION_ERROR", "no", false],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "MCP_CONNECTION_ERROR", "no", false],
  ["UND_ERR_INVALID_ARG", "DATA_TRANSFORMATION_ERROR", "no", false],
  ["UND_ERR_HEADERS_OVERFLOW", "DATA_TRANSFORMATION_ERROR", "unknown", false],
  ["HPE_INVALID_CONSTANT", "DATA_TRANSFORMATION_ERROR", "unknown", false],
])("%s is %s: the server acted: %s; a write may be sent again: %s", (cause, code, acted, isRetryable) => {
  const error = connectionError(fault(cause));
  expect(error).toMatchObject({ code, acted });
  expect(error.isRetryable("write")).toBe(isRetryable);
  expect(error.message).not.toContain("10.1.2.3");
});

it("after a write that never got there, nobody is told to check whether it took effect", () => {
  expect(connectionError(fault("ECONNREFUSED")).suggestion).toMatch(/^Nothing was done: send the call again/);
  expect(connectionError(fault("CERT_HAS_EXPIRED")).suggestion).toMatch(/^An operator has to correct/);
  expect(connectionError(fault("ECONNRESET")).suggestion).toMatch(/check first/);
});

it("the code is found inside of wrapped and joined errors", () => {
  const joined = new AggregateError([fault("ECONNREFUSED"), fault("ECONNREFUSED")]);
  expect(connectionError(new TypeError("fetch failed", { cause: joined })).acted).toBe("no");
});

it("a catalogue error passes unchanged, and so does the reason a call was given up for", () => {
  const own = new CatalogueError("MCP_CIRCUIT_OPEN", "open");
  expect(connectionError(own)).toBe(own);
  expect(connectionError(fault("ECONNRESET"), AbortSignal.abort(own))).toBe(own);
});

it("a call given up is a time-out of the gateway's", () => {
  expect(connectionError(fault("ABORT_ERR"), AbortSignal.abort())).toMatchObject({
    code: "MCP_CONNECTION_ERROR",
    status: 504,
    acted: "unknown",
  });
});

it("what nobody foresaw is a broken connection", () => {
  for (const thrown of [undefined, "text", new Error("?")]) {
    expect(connectionError(thrown)).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
  }
});
