/** What Slack refuses with, in every way it does: codes in a 200, rate limits, outages, pages that are not JSON. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { slackErrors } from "../../../connectors/slack/slack-errors.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream, type Answer } from "../../support/upstream.ts";
import { referenceFolder, referenceOf } from "./documented-slack.ts";

/** The error of posting a message to a Slack that answers so. */
async function failureOf(answer: Answer) {
  await using upstream = await startUpstream(() => answer);
  await using server = await openServer(connector, { baseUrl: upstream.url });
  const error = await server.fail("send_message", { channel: "C123ABC456", text: "hi" });
  expect(upstream.requests).toHaveLength(1);
  return error;
}

const refusal = (error: string, more: object = {}) => ({ json: { ok: false, error, ...more } });

describe.skipIf(!referenceFolder)("every code of Slack's reference (needs TOOLGRAPH_SHARED)", () => {
  const called = [
    "auth.test",
    "chat.postMessage",
    "search.messages",
    "conversations.list",
    "conversations.history",
    "conversations.replies",
    "users.info",
    "users.list",
    "users.lookupByEmail",
  ];

  test("the codes of every method that is called, and the common ones, have their own entry", () => {
    const codes = new Set(called.flatMap((method) => Object.keys(referenceOf(method)!.errors)));
    const common = join(referenceFolder!, "with-common-errors");
    for (const file of readdirSync(common)) {
      const { errors } = JSON.parse(readFileSync(join(common, file), "utf8")) as { errors: Record<string, unknown> };
      for (const code of Object.keys(errors)) codes.add(code);
    }
    expect(codes.size).toBeGreaterThan(80);
    expect([...codes].filter((code) => !slackErrors.has(code))).toEqual([]);
  });

  test("a code of any other method is an error all the same, and quoted", async () => {
    const codes = readdirSync(referenceFolder!)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => Object.keys(referenceOf(file.replace(/\.json$/, ""))!.errors));
    const foreign = [...new Set(codes)].filter((code) => !slackErrors.has(code));
    expect(foreign.length).toBeGreaterThan(50);
    await using upstream = await startUpstream(({ body }) => refusal(new URLSearchParams(body).get("text")!));
    await using server = await openServer(connector, { baseUrl: upstream.url });
    for (const code of foreign) {
      const error = await server.fail("send_message", { channel: "C123ABC456", text: code });
      expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 400, acted: "unknown" });
      expect(error.message).toContain(code);
    }
  });
});

describe("each kind becomes its catalogue error", () => {
  const catalogued = {
    credential_refused: { code: "MCP_AUTHENTICATION_FAILURE", status: 502, acted: "no" },
    forbidden: { code: "MCP_CLIENT_ERROR", status: 403, acted: "no" },
    not_found: { code: "MCP_CLIENT_ERROR", status: 404, acted: "no" },
    wrong_request: { code: "MCP_CLIENT_ERROR", status: 400, acted: "no" },
    conflict: { code: "MCP_CLIENT_ERROR", status: 409, acted: "no" },
    gone: { code: "MCP_CLIENT_ERROR", status: 410, acted: "no" },
    rate_limited: { code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, acted: "no" },
    server: { code: "MCP_SERVER_ERROR", status: 502, acted: "unknown" },
  } as const;

  test.each([...slackErrors])("%s", async (code, { kind, problem, next }) => {
    const error = await failureOf(refusal(code));
    expect(error).toMatchObject({ ...catalogued[kind], serverStatusCode: 200, details: { slack_error: code } });
    expect(error.message).toBe(`${problem} ${next} (Slack: ${code})`);
    expect(error.suggestion).toBe(next);
  });
});

test("the codes that decide what an agent does next are of the kind Slack's pages describe", () => {
  const kinds = {
    credential_refused: "not_authed invalid_auth account_inactive token_expired token_revoked",
    forbidden: "missing_scope not_allowed_token_type no_permission not_in_channel restricted_action ekm_access_denied",
    not_found: "channel_not_found user_not_found users_not_found message_not_found thread_not_found",
    wrong_request: "no_text msg_too_long msg_blocks_too_long invalid_blocks invalid_cursor unknown_method",
    conflict: "is_archived",
    rate_limited: "ratelimited rate_limited message_limit_exceeded",
    server: "internal_error fatal_error service_unavailable team_added_to_org",
  };
  for (const [kind, codes] of Object.entries(kinds)) {
    for (const code of codes.split(" ")) expect(slackErrors.get(code)?.kind, code).toBe(kind);
  }
});

test("a failure midway leaves open whether the message was posted: a write is not retried, and the text says to look", async () => {
  for (const code of ["fatal_error", "internal_error"]) {
    const error = await failureOf(refusal(code));
    expect(error.acted).toBe("unknown");
    expect(error.isRetryable("write")).toBe(false);
    expect(error.isRetryable("read")).toBe(true);
    expect(error.message).toContain("read_channel");
  }
});

test("Slack's own words about what is wrong with the blocks reach the agent", async () => {
  const messages = ["[ERROR] unsupported type: sectoin [json-pointer:/blocks/0/type]"];
  const error = await failureOf(refusal("invalid_blocks", { response_metadata: { messages } }));
  expect(error.message).toContain("[json-pointer:/blocks/0/type]");
});

test("an HTTP 429 is a rate limit that carries Slack's Retry-After", async () => {
  for (const body of [refusal("ratelimited"), { text: "" }, { text: "<html>Slow down</html>" }]) {
    const error = await failureOf({ status: 429, headers: { "retry-after": "30" }, ...body });
    expect(error).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, retryAfterMs: 30_000, acted: "no" });
    expect(error.isRetryable("write")).toBe(true);
  }
});

test("an HTML page in a 200 cannot be read, and nobody knows whether the message was posted", async () => {
  const error = await failureOf({ text: "<!DOCTYPE html><title>Slack | Maintenance</title>" });
  expect(error).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502, acted: "unknown" });
  expect(error.message).toContain("HTML page");
});

test.each([
  ["nothing at all", { text: "" }],
  ["cut-off JSON that looks like a refusal", { text: '{"ok": false, "error": "chan' }],
  ["JSON that is no object", { text: "[]" }],
  ["neither yes nor no", { json: {} }],
  ["a yes without what was posted", { json: { ok: true } }],
])("%s in a 200 is an answer that cannot be read", async (_, answer) => {
  expect(await failureOf(answer)).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
});

test("a 5xx is a failure of Slack, whatever its body", async () => {
  for (const body of [{ text: "<html>Bad gateway</html>" }, refusal("something_new"), { text: "" }]) {
    expect(await failureOf({ status: 503, ...body })).toMatchObject({ code: "MCP_SERVER_ERROR", acted: "unknown" });
  }
});

test("a code that is no text, or the name of an object's own machinery, is still a refusal", async () => {
  for (const error of [undefined, null, 7, { nested: true }, "constructor", "__proto__", ""]) {
    const failure = await failureOf({ json: { ok: false, error } });
    expect(failure).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 400 });
  }
});

test("a message that talks about refusals is no refusal", async () => {
  const said = { ts: "1512085950.000216", text: '{"ok": false, "error": "fatal_error"}', metadata: { ok: false } };
  await using upstream = await startUpstream(() => ({ json: { ok: true, messages: [said] } }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.run("read_channel", { channel: "C123ABC456" })).toMatchObject({
    messages: [{ text: said.text }],
  });
});
