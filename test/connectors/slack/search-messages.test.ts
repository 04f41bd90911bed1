/** Search: what is asked of Slack, how hits read, and what happens with a token that may not search. */
import { describe, expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream } from "../../support/upstream.ts";
import { referenceFolder, startDocumentedSlack } from "./documented-slack.ts";

interface Found {
  messages: Record<string, unknown>[];
  more: boolean;
}

describe.skipIf(!referenceFolder)("against Slack's reference (needs TOOLGRAPH_SHARED)", () => {
  test("the query, however it is written, is one argument of one documented request", async () => {
    await using upstream = await startDocumentedSlack();
    const authorizer = bearerCredential(new Secret("xoxp-user"));
    await using server = await openServer(connector, { baseUrl: upstream.url, authorizer });
    const query = 'in:#general "a & b" &count=1000&token=xoxp-other\r\nX-Evil: 1 \u{1F680}';
    await server.run("search_messages", { query, limit: 100, sort: "timestamp", page: 3 });
    expect(upstream.violations).toEqual([]);
    expect(upstream.called()).toEqual(["search.messages"]);
    expect(upstream.formsOf("search.messages")).toEqual([
      { query, count: "100", page: "3", sort: "timestamp", sort_dir: "desc" },
    ]);
  });
});

test("a hit shows its author, its channel, its thread and its text in plain words", async () => {
  const match = {
    channel: { id: "C1", name: "general" },
    ts: "1508284197.000015",
    user: "U1",
    username: "roach",
    text: "&lt;3 <#C2|random>",
    permalink: "https://lab.slack.com/archives/C1/p1508284197000015?thread_ts=1508284000.000001&cid=C1",
  };
  const paging = { count: 1, total: 2, page: 1, pages: 2 };
  await using upstream = await startUpstream(() => ({ json: { ok: true, messages: { matches: [match], paging } } }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.run("search_messages", { query: "heart" })).toEqual({
    messages: [
      {
        channel: "C1",
        channel_name: "general",
        ts: "1508284197.000015",
        time: "2017-10-17T23:49:57.000Z",
        author: "roach",
        author_id: "U1",
        text: "<3 #random",
        thread_ts: "1508284000.000001",
        permalink: match.permalink,
      },
    ],
    more: true,
  });
  expect(upstream.requests).toHaveLength(1);
});

test("a search without a hit is an empty page, and more than asked for is cut to the limit", async () => {
  const match = { channel: { id: "C1", name: "" }, ts: "1508284197.000015", text: "x", permalink: "no link" };
  await using upstream = await startUpstream(({ body }) => ({
    json: { ok: true, messages: { matches: body.includes("none") ? [] : [match, match, match] } },
  }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.run("search_messages", { query: "none" })).toEqual({ messages: [], more: false });
  const { messages } = (await server.run("search_messages", { query: "many", limit: 2 })) as Found;
  expect(messages.map((message) => message.author)).toEqual(["unknown", "unknown"]);
});

test("a bot's token cannot search: the error says which token can, and what to use meanwhile", async () => {
  await using upstream = await startUpstream(() => ({ json: { ok: false, error: "not_allowed_token_type" } }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  const error = await server.fail("search_messages", { query: "anything" });
  expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 403 });
  for (const word of ["xoxp-", "search:read", "read_channel"]) expect(error.message).toContain(word);
});
