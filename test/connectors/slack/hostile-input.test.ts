/** Input that a careless or hostile agent may send: refused before anything leaves, or sent as the data it is. */
import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream, type ReceivedRequest } from "../../support/upstream.ts";

const posted = { ok: true, channel: "C1", ts: "1503435956.000247" };
const authorizer = bearerCredential(new Secret("xoxb-real"));

/** Slack as far as posting goes: it tells its address and takes every message. */
function answer({ path }: ReceivedRequest) {
  return { json: path === "/auth.test" ? { ok: true, url: "https://lab.slack.com/" } : posted };
}

test.each([
  ["send_message", { channel: "C1", text: "" }, "text"],
  ["send_message", { channel: "C1", text: " \n\t " }, "text"],
  ["send_message", { channel: "C1", text: "x".repeat(40_001) }, "text"],
  ["send_message", { channel: "", text: "x" }, "channel"],
  ["send_message", { channel: "C1\r\nX-Evil: 1", text: "x" }, "channel"],
  ["send_message", { channel: "C1,C2", text: "x" }, "channel"],
  ["send_message", { channel: "C".repeat(81), text: "x" }, "channel"],
  ["send_message", { channel: "C1", text: "x", thread_ts: "1503435956" }, "thread_ts"],
  ["send_message", { channel: "C1", text: "x", thread_ts: 1503435956.0002 }, "thread_ts"],
  [
    "send_message",
    { channel: "C1", text: "x", blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) },
    "blocks",
  ],
  ["send_message", { channel: "C1", text: "x", blocks: [{ text: "no type" }] }, "blocks"],
  ["send_message", { channel: "C1", text: "x", as_user: true }, "as_user"],
  ["search_messages", { query: " " }, "query"],
  ["search_messages", { query: "x", limit: 101 }, "limit"],
  ["search_messages", { query: "x", limit: 0 }, "limit"],
  ["search_messages", { query: "x", sort: "random" }, "sort"],
  ["read_channel", { channel: "#general" }, "channel"],
  ["read_channel", { channel: "../auth.revoke" }, "channel"],
  ["read_channel", { channel: "C1", limit: 1.5 }, "limit"],
  ["read_channel", { channel: "C1", oldest: "yesterday" }, "oldest"],
  ["read_channel", { channel: "C1", latest: "2026-02-31T25:00:00Z" }, "latest"],
  ["read_channel", { channel: "C1", cursor: "" }, "cursor"],
  ["read_thread", { channel: "C1", thread_ts: "p1503435956000247" }, "thread_ts"],
  ["list_channels", { types: ["public_channel,im"] }, "types"],
  ["list_channels", { limit: 1_000 }, "limit"],
  ["find_user", { query: "" }, "query"],
])("%s refuses %j, naming %s, without asking Slack", async (tool, input, field) => {
  await using upstream = await startUpstream(answer);
  await using server = await openServer(connector, { baseUrl: upstream.url, authorizer });
  const error = await server.fail(tool, input);
  expect(error.code).toBe("VALIDATION_ERROR");
  expect((error.details as { path: string[] }[]).map((problem) => problem.path[0])).toEqual([field]);
  expect(upstream.requests).toEqual([]);
});

test("a problem with a channel says how to get a right one", () => {
  const parsed = connector.tools!.find((tool) => tool.name === "read_channel")!.parseInput({ channel: "#general" });
  expect(JSON.stringify(parsed)).toContain("list_channels");
});

test("any text, 40,000 characters too, arrives as it is and can set no other argument, header or path", async () => {
  await using upstream = await startUpstream(answer);
  await using server = await openServer(connector, { baseUrl: upstream.url, authorizer });
  const units = fc.constantFrom("grapheme" as const, "binary-ascii" as const);
  const texts = units.chain((unit) => fc.string({ unit, minLength: 1 })).filter((text) => /\S/.test(text));
  const hostile = [
    "x".repeat(40_000),
    "hi&channel=C2&token=xoxb-mine",
    "hi\r\nAuthorization: Bearer x",
    "%00 + %26channel=C2",
  ];
  for (const text of [...hostile, ...fc.sample(texts, 50)]) {
    upstream.requests.length = 0;
    await server.run("send_message", { channel: "C1", text });
    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: "POST", url: "/chat.postMessage" });
    expect(request!.headers.authorization).toBe("Bearer xoxb-real");
    expect([...new URLSearchParams(request!.body)]).toEqual([
      ["channel", "C1"],
      ["text", text],
    ]);
  }
});

test("neither input nor answer shows the token", async () => {
  await using upstream = await startUpstream(() => ({ json: { ok: false, error: "invalid_auth" } }));
  await using server = await openServer(connector, { baseUrl: upstream.url, authorizer });
  const error = await server.fail("send_message", { channel: "C1", text: "x" });
  expect(inspect(error, { depth: 10 })).not.toContain("xoxb-real");
});

test("a message is posted once, even when the workspace's address cannot be had for its permalink", async () => {
  for (const trouble of [{ status: 500 }, { text: "<html>" }, { json: { ok: true, url: "mailto:nobody" } }]) {
    await using upstream = await startUpstream(({ path }) => (path === "/auth.test" ? trouble : { json: posted }));
    await using server = await openServer(connector, { baseUrl: upstream.url });
    for (const text of ["one", "two"]) {
      expect(await server.run("send_message", { channel: "C1", text })).toEqual({ channel: "C1", ts: posted.ts });
    }
    expect(upstream.requests.map((request) => request.path)).toEqual([
      "/chat.postMessage",
      "/auth.test",
      "/chat.postMessage",
    ]);
  }
});
