/** What reading asks of Slack: periods as people write them, pages, the server's default channel. */
import { describe, expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { referenceFolder, startDocumentedSlack } from "./documented-slack.ts";

const authorizer = bearerCredential(new Secret("xoxb-reader"));

describe.skipIf(!referenceFolder)("against Slack's reference (needs TOOLGRAPH_SHARED)", () => {
  test.each([
    ["2026-08-20", "1787184000.000000"],
    ["2026-08-20T09:30Z", "1787218200.000000"],
    ["2026-08-20T09:30:00.250+02:00", "1787211000.250000"],
    ["1512085950.000216", "1512085950.000216"],
    ["1512085950", "1512085950"],
  ])("a period from %s is one from %s to Slack", async (pointInTime, ts) => {
    await using upstream = await startDocumentedSlack();
    await using server = await openServer(connector, { baseUrl: upstream.url, authorizer });
    await server.run("read_channel", { channel: "C012AB3CD", oldest: pointInTime, latest: pointInTime });
    expect(upstream.violations).toEqual([]);
    expect(upstream.formsOf("conversations.history")).toEqual([
      { channel: "C012AB3CD", limit: "20", oldest: ts, latest: ts },
    ]);
  });

  test("every tool asks for its page with documented arguments, and for the default channel when none is named", async () => {
    await using upstream = await startDocumentedSlack();
    const config = { defaultChannelId: "C0DEFAULT" };
    await using server = await openServer(connector, { baseUrl: upstream.url, authorizer, config });
    const cursor = "dXNlcjpVMDYxTkZUVDI=";
    await server.run("read_channel", { cursor });
    await server.run("read_thread", { thread_ts: "1482960137.003543", cursor, limit: 200 });
    await server.run("list_channels", { cursor, include_archived: true, types: ["im", "mpim"], limit: 7 });
    await server.run("find_user", { query: "nobody", cursor });
    expect(upstream.violations).toEqual([]);
    expect(upstream.formsOf("conversations.history")).toEqual([{ channel: "C0DEFAULT", limit: "20", cursor }]);
    expect(upstream.formsOf("conversations.replies")).toEqual([
      { channel: "C0DEFAULT", ts: "1482960137.003543", limit: "200", cursor },
    ]);
    expect(upstream.formsOf("conversations.list")).toEqual([
      { types: "im,mpim", exclude_archived: "false", limit: "7", cursor },
    ]);
    expect(upstream.formsOf("users.list")).toEqual([{ limit: "200", cursor }]);
  });
});

test("reading a thread without one, and outside of any, says where to find one", async () => {
  await using server = await openServer(connector, { baseUrl: "http://127.0.0.1:1" });
  const error = await server.fail("read_thread", { channel: "C1" }, { context: { conversation: { threadId: "t-1" } } });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", acted: "no" });
  expect(JSON.stringify(error.details)).toContain("read_channel");
});

test("a default channel that cannot be one is refused with the configuration", () => {
  for (const defaultChannelId of ["", "two words", 7]) {
    expect(connector.config.safeParse({ defaultChannelId }).success).toBe(false);
  }
  expect(connector.config.safeParse({ defaultChannelId: "C024BE91L" }).success).toBe(true);
  expect(connector.authentication).toEqual(["bearer_token", "pat"]);
  expect(connector.baseUrl?.({})).toBe("https://slack.com/api");
});
