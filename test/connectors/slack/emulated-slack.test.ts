/** Stories against a stateful Slack: what our tools do, Slack's SDK sees, and the other way round. */
import { afterAll, beforeAll, expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { openServer } from "../../support/open-server.ts";
import { startEmulatedSlack, type EmulatedSlack } from "./emulated-slack.ts";

interface Posted {
  channel: string;
  ts: string;
  permalink?: string;
}
interface Read {
  messages: { ts: string; author: string; text: string; reply_count?: number; thread_ts?: string }[];
  next_cursor?: string;
}
interface Channels {
  channels: { id: string; name: string; is_private: boolean }[];
  next_cursor?: string;
}
interface Users {
  users: { id: string; name: string; email?: string; title?: string }[];
  next_cursor?: string;
}

let slack: EmulatedSlack;
beforeAll(async () => {
  slack = await startEmulatedSlack();
});
afterAll(() => slack[Symbol.asyncDispose]());

test("a message posted by the tool is read back by the SDK, letter for letter, at its permalink", async () => {
  const server = await slack.open();
  const channel = await slack.channelId("general");
  const text = "Déjà vu? 1 < 2 & 3 > 2 \u{1F680}\nsecond line; a=b&c=d %20 +";
  const posted = (await server.run("send_message", { channel, text })) as Posted;

  const history = await slack.sdk().conversations.history({ channel, latest: posted.ts, inclusive: true, limit: 1 });
  expect(history.messages?.[0]).toMatchObject({ ts: posted.ts, text });
  const { permalink } = await slack.sdk().chat.getPermalink({ channel, message_ts: posted.ts });
  expect(new URL(posted.permalink!).pathname).toBe(new URL(permalink!).pathname);
  expect(new URL(posted.permalink!).host).toBe("lab.slack.com");
});

test("blocks arrive as blocks", async () => {
  const server = await slack.open();
  const channel = await slack.channelId("random");
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "*Deploy* finished" } }, { type: "divider" }];
  const { ts } = (await server.run("send_message", { channel, text: "Deploy finished", blocks })) as Posted;
  const history = await slack.sdk().conversations.history({ channel, latest: ts, inclusive: true, limit: 1 });
  expect(history.messages?.[0]?.blocks).toEqual(blocks);
});

test("a reply goes to the thread named, and one without goes to the conversation's thread", async () => {
  const server = await slack.open();
  const channel = await slack.channelId("random");
  const root = await slack.post(channel, "Lunch?");
  await server.run("send_message", { channel, text: "Yes", thread_ts: root });
  const context = { conversation: { threadId: root } };
  const second = (await server.run("send_message", { channel, text: "Pizza" }, { context })) as Posted;
  expect(new URL(second.permalink!).searchParams.get("thread_ts")).toBe(root);

  const replies = await slack.sdk().conversations.replies({ channel, ts: root });
  expect(replies.messages?.map((message) => message.text)).toEqual(["Lunch?", "Yes", "Pizza"]);
  const thread = (await server.run("read_thread", { channel }, { context })) as Read;
  expect(thread.messages.map(({ author, text }) => `${author}: ${text}`)).toEqual([
    "developer: Lunch?",
    "developer: Yes",
    "developer: Pizza",
  ]);
});

test("a conversation id of another system is no thread: the message goes to the channel", async () => {
  const server = await slack.open();
  const channel = await slack.channelId("random");
  const context = { conversation: { threadId: "5a8e-conversation" } };
  const { ts } = (await server.run("send_message", { channel, text: "Top level" }, { context })) as Posted;
  const history = await slack.sdk().conversations.history({ channel, latest: ts, inclusive: true, limit: 1 });
  expect(history.messages?.[0]).toMatchObject({ text: "Top level" });
  expect(history.messages?.[0]?.thread_ts).toBeUndefined();
});

test("what people post through the SDK is read with their names, mentions included, newest first", async () => {
  const server = await slack.open();
  const created = await slack.sdk().conversations.create({ name: "reading-room" });
  const channel = created.channel!.id!;
  const { users } = (await server.run("find_user", { query: "bob" })) as Users;
  await slack.post(channel, `Morning <@${users[0]!.id}> &amp; <!here>`, "xoxb-alice");
  await slack.post(channel, "See <https://ci.example/1482|build 1482>");

  const { messages } = (await server.run("read_channel", { channel })) as Read;
  expect(messages.map(({ author, text }) => `${author}: ${text}`)).toEqual([
    "developer: See build 1482 (https://ci.example/1482)",
    "alice: Morning @bob & @here",
  ]);
});

test("a channel is read page by page without loss", async () => {
  const server = await slack.open();
  const { channel } = await slack.sdk().conversations.create({ name: "long-channel" });
  for (let number = 1; number <= 5; number += 1) {
    await slack.post(channel!.id!, `message ${number}`);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = (await server.run("read_channel", { channel: channel!.id, limit: 2, cursor })) as Read;
    expect(page.messages.length).toBeLessThanOrEqual(2);
    seen.push(...page.messages.map((message) => message.text));
    cursor = page.next_cursor;
  } while (cursor !== undefined && seen.length < 20);
  expect(seen).toEqual([5, 4, 3, 2, 1].map((number) => `message ${number}`));
});

test("a channel is found by a part of its name; private ones on request only", async () => {
  const server = await slack.open();
  const general = (await server.run("list_channels", { name_contains: "GENER" })) as Channels;
  expect(general.channels).toEqual([
    expect.objectContaining({ id: await slack.channelId("general"), name: "general" }),
  ]);
  const hidden = (await server.run("list_channels", { name_contains: "#secret" })) as Channels;
  expect(hidden.channels).toEqual([]);
  const types = ["public_channel", "private_channel"];
  const shown = (await server.run("list_channels", { name_contains: "#secret", types })) as Channels;
  expect(shown.channels).toEqual([expect.objectContaining({ name: "secret", is_private: true })]);
});

test("an archived channel is listed on request only, and posting to it is a conflict", async () => {
  const server = await slack.open();
  const { channel } = await slack.sdk().conversations.create({ name: "attic" });
  await slack.sdk().conversations.archive({ channel: channel!.id! });
  expect(await server.run("list_channels", { name_contains: "attic" })).toEqual({ channels: [] });
  const shown = (await server.run("list_channels", { name_contains: "attic", include_archived: true })) as Channels;
  expect(shown.channels).toEqual([expect.objectContaining({ id: channel!.id, is_archived: true })]);
  const error = await server.fail("send_message", { channel: channel!.id, text: "Anybody here?" });
  expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 409, acted: "no" });
});

test("every channel is listed once by following cursors, whatever the page size", async () => {
  const server = await slack.open();
  const { channels } = await slack.sdk().conversations.list({ limit: 200, exclude_archived: true });
  for (const limit of [1, 2, 200]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await server.run("list_channels", { limit, cursor })) as Channels;
      seen.push(...page.channels.map((channel) => channel.id));
      cursor = page.next_cursor;
    } while (cursor !== undefined && seen.length < 100);
    expect(seen.toSorted()).toEqual(channels!.map((channel) => channel.id!).toSorted());
  }
});

test("a person is found by name, handle, email address and id; a stranger is an empty list", async () => {
  const server = await slack.open();
  const byName = (await server.run("find_user", { query: "anders" })) as Users;
  expect(byName.users).toEqual([expect.objectContaining({ name: "alice", email: "alice@example.com" })]);
  const { id } = byName.users[0]!;
  for (const query of ["@alice", "alice@example.com", id]) {
    expect(((await server.run("find_user", { query })) as Users).users.map((user) => user.id)).toEqual([id]);
  }
  for (const query of ["nobody-at-all", "nobody@example.com", "U0000NOBODY9"]) {
    expect(await server.run("find_user", { query })).toEqual({ users: [] });
  }
});

test("the default channel stands in for a missing one, and without it the error says where to find one", async () => {
  const channel = await slack.channelId("random");
  const withDefault = await slack.open("xoxb-full", { defaultChannelId: channel });
  expect(await withDefault.run("send_message", { text: "To the default" })).toMatchObject({ channel });
  const { messages } = (await withDefault.run("read_channel", { limit: 1 })) as Read;
  expect(messages[0]?.text).toBe("To the default");
  const named = await slack.channelId("general");
  expect(await withDefault.run("send_message", { channel: named, text: "To another" })).toMatchObject({
    channel: named,
  });

  const without = await slack.open();
  const error = await without.fail("send_message", { text: "Where to?" });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", acted: "no" });
  expect(error.details).toEqual([expect.objectContaining({ path: "channel" })]);
});

test("an unknown channel is a 404 that names the tool to call next", async () => {
  const server = await slack.open();
  for (const [tool, input] of [
    ["send_message", { channel: "C0NOTHERE", text: "Hello?" }],
    ["read_channel", { channel: "C0NOTHERE" }],
  ] as const) {
    const error = await server.fail(tool, input);
    expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 404, serverStatusCode: 200, acted: "no" });
    expect(error.message).toContain("list_channels");
  }
});

test("a missing scope is a 403 that says what is needed and what there is", async () => {
  const server = await slack.open("xoxb-limited");
  const error = await server.fail("list_channels", {});
  expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 403 });
  expect(error.message).toContain("Needed: channels:read; provided: chat:write");
  expect(error.details).toMatchObject({ needed: "channels:read", provided: "chat:write" });
});

test("without the scope to see people, a channel is still read: ids stand where names would be", async () => {
  const { channel } = await slack.sdk().conversations.create({ name: "nameless" });
  const { user_id: author } = await slack.sdk().auth.test();
  await slack.post(channel!.id!, `Ask <@${author}>`);
  const reader = await slack.open("xoxb-reader");
  const { messages } = (await reader.run("read_channel", { channel: channel!.id })) as Read;
  expect(messages).toEqual([expect.objectContaining({ author, text: `Ask @${author}` })]);
});

test("a credential that Slack refuses is the server's authentication failure, not the caller's", async () => {
  await using server = await openServer(connector, { baseUrl: slack.baseUrl });
  const error = await server.fail("send_message", { channel: await slack.channelId("general"), text: "Boo" });
  expect(error).toMatchObject({ code: "MCP_AUTHENTICATION_FAILURE", status: 502, acted: "no" });
  expect(error.details).toEqual({ slack_error: "not_authed" });
});
