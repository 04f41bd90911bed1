/** Finding people: which of Slack's methods is asked, and what counts as finding nobody. */
import { expect, test } from "vitest";
import connector from "../../../connectors/slack/index.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream } from "../../support/upstream.ts";

const user = { id: "U2U85N1RV", name: "underwood", profile: { display_name: "Clara Underwood" } };

/** A Slack that knows one person, who has posted one message. */
function startSmallSlack() {
  return startUpstream(({ path }) => {
    if (path === "/conversations.history") {
      return { json: { ok: true, messages: [{ ts: "1512085950.000216", user: user.id, text: "hello" }] } };
    }
    return { json: path === "/users.list" ? { ok: true, members: [user] } : { ok: true, user } };
  });
}

test.each([
  ["clara@example.com", "/users.lookupByEmail"],
  ["U2U85N1RV", "/users.info"],
  ["UNDERWOOD", "/users.list"],
  ["@underwood", "/users.list"],
  [" Clara ", "/users.list"],
])("%j is looked for by %s alone", async (query, path) => {
  await using upstream = await startSmallSlack();
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.run("find_user", { query })).toMatchObject({ users: [{ id: user.id, name: "Clara Underwood" }] });
  expect(upstream.requests.map((request) => request.path)).toEqual([path]);
});

test("a person found is known by name afterwards", async () => {
  await using upstream = await startSmallSlack();
  await using server = await openServer(connector, { baseUrl: upstream.url });
  await server.run("find_user", { query: "clara" });
  expect(await server.run("read_channel", { channel: "C1" })).toMatchObject({
    messages: [{ author: "Clara Underwood", text: "hello" }],
  });
  expect(upstream.requests.map((request) => request.path)).toEqual(["/users.list", "/conversations.history"]);
});

test("an address where Slack is not does not mean that the person does not exist", async () => {
  await using upstream = await startUpstream(() => ({ status: 404, text: "Not Found" }));
  await using server = await openServer(connector, { baseUrl: upstream.url });
  expect(await server.fail("find_user", { query: "clara@example.com" })).toMatchObject({
    code: "MCP_CLIENT_ERROR",
    status: 404,
    serverStatusCode: 404,
  });
});
