/** Messages as they read after all that Slack hangs on them: bots, blocks, attachments, files, reactions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { openServer } from "../../support/open-server.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream } from "../../support/upstream.ts";

const shared = sharedFolder();

/** How `read_channel` shows a message that Slack sends so. */
async function shown(message: object): Promise<Record<string, unknown>> {
  await using upstream = await startUpstream(({ path }) => ({
    json:
      path === "/users.info"
        ? { ok: true, user: { id: "U1", name: "egon", profile: { display_name: "Egon", email: null } } }
        : { ok: true, messages: [{ type: "message", ts: "1512085950.000216", ...message }] },
  }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  const { messages } = (await server.run("read_channel", { channel: "C1" })) as { messages: Record<string, unknown>[] };
  return messages[0]!;
}

test("a person's message with everything on it", async () => {
  const message = {
    user: "U1",
    text: "Report &amp; numbers",
    thread_ts: "1512085950.000216",
    reply_count: 4,
    edited: { user: "U1", ts: "1512085951.000000" },
    reactions: [{ name: "thumbsup", count: 2, users: ["U1", "U2"] }],
    files: [
      { id: "F1", name: "report.pdf", permalink: "https://lab.slack.com/files/U1/F1/report.pdf" },
      { id: "F2", file_access: "check_file_info" },
    ],
  };
  expect(await shown(message)).toEqual({
    ts: "1512085950.000216",
    time: "2017-11-30T23:52:30.000Z",
    author: "Egon",
    author_id: "U1",
    text: "Report & numbers",
    thread_ts: "1512085950.000216",
    reply_count: 4,
    reactions: [{ name: "thumbsup", count: 2 }],
    files: [{ name: "report.pdf", url: "https://lab.slack.com/files/U1/F1/report.pdf" }, { name: "F2" }],
    edited: true,
  });
});

test("a bot goes by the name it posted under, else by its profile's, else by its id", async () => {
  expect(await shown({ bot_id: "B1", username: "ecto1", text: "x" })).toMatchObject({ author: "ecto1" });
  expect(await shown({ bot_id: "B1", bot_profile: { name: "CI" }, text: "x" })).toMatchObject({ author: "CI" });
  expect(await shown({ bot_id: "B1", text: "x" })).toMatchObject({ author: "B1" });
});

test("a bot that writes only in blocks or attachments is heard", async () => {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "Deploy 1482" } },
    {
      type: "section",
      fields: [
        { type: "mrkdwn", text: "*Stage*" },
        { type: "mrkdwn", text: "<@U1>" },
      ],
    },
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "done" }] }] },
  ];
  expect(await shown({ bot_id: "B1", text: "", blocks })).toMatchObject({
    text: "Deploy 1482\n*Stage*\n@Egon\ndone",
  });
  const attachments = [{ title: "Build failed", text: "3 tests" }, { fallback: "only a fallback" }, {}];
  expect(await shown({ bot_id: "B1", text: "CI:", attachments })).toMatchObject({
    text: "CI:\nBuild failed\n3 tests\nonly a fallback",
  });
});

test("blocks nested without end and a timestamp that is none do no harm", async () => {
  let blocks: unknown = { text: "deep" };
  for (let depth = 0; depth < 1_000; depth += 1) blocks = { elements: [blocks] };
  const message = await shown({ user: "U1", text: "", blocks, ts: "never" });
  expect(message).toMatchObject({ text: "", ts: "never" });
  expect(message).not.toHaveProperty("time");
});

test("a direct message is listed under the person's name", async () => {
  await using upstream = await startUpstream(({ path }) => ({
    json:
      path === "/users.info"
        ? { ok: true, user: { id: "U1", real_name: "Egon Spengler" } }
        : { ok: true, channels: [{ id: "D1", is_im: true, user: "U1" }] },
  }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.run("list_channels", { types: ["im"] })).toEqual({
    channels: [{ id: "D1", name: "Egon Spengler", is_private: true }],
  });
});

describe.skipIf(!shared)("anonymised answers of the real Slack (needs TOOLGRAPH_SHARED)", () => {
  const sample = (name: string) => {
    const file = join(shared!, "contracts", "slack", "java-sdk-samples", name);
    return { ...(JSON.parse(readFileSync(file, "utf8")) as object), ok: true, response_metadata: { next_cursor: "" } };
  };

  test.each([
    ["read_channel", "conversations.history.trimmed.json", { channel: "C1" }, "messages"],
    ["read_thread", "conversations.history.trimmed.json", { channel: "C1", thread_ts: "1.1" }, "messages"],
    ["list_channels", "conversations.list.json", {}, "channels"],
    ["find_user", "users.lookupByEmail.json", { query: "a@b.example" }, "users"],
  ])("%s reads %s", async (tool, file, input, list) => {
    await using upstream = await startUpstream(({ path }) =>
      path === "/users.info" ? { json: sample("users.info.json") } : { json: sample(file) },
    );
    await using server = await openServer(connector, { baseUrl: upstream.url });
    const answer = (await server.run(tool, input)) as Record<string, unknown[]>;
    expect(answer[list]!.length).toBeGreaterThan(0);
  });
});
