/** The directory of names: what is asked once, what is remembered, and that it never costs the caller a result. */
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { UserDirectory, type UserDirectoryOptions } from "../../../connectors/slack/user-directory.ts";
import slack from "../../../connectors/slack/index.ts";
import { noCredential } from "../../../src/outbound/authorizer.ts";
import { HttpUpstream } from "../../../src/outbound/http-upstream.ts";
import { startUpstream, type Answer } from "../../support/upstream.ts";

/** A directory on a Slack that answers `users.info` so. */
async function openDirectory(
  respond: (id: string) => Answer | void | Promise<Answer | void>,
  options?: UserDirectoryOptions,
) {
  const asked: string[] = [];
  const upstream = await startUpstream(({ body }) => {
    const id = new URLSearchParams(body).get("user")!;
    asked.push(id);
    return respond(id);
  });
  const http = new HttpUpstream({ baseUrl: upstream.url, authorizer: noCredential, behaviour: slack.http, config: {} });
  const client = http.client({ signal: AbortSignal.timeout(5_000), requestId: "test" });
  const directory = new UserDirectory(options);
  return {
    asked,
    directory,
    names: async (...ids: string[]) => Object.fromEntries(await directory.names(ids, client)),
    async [Symbol.asyncDispose]() {
      await upstream[Symbol.asyncDispose]();
      await http.close();
    },
  };
}

const person = (id: string): Answer => ({
  json: { ok: true, user: { id, profile: { display_name: `name of ${id}` } } },
});

test("each person is asked for once, also by calls at the same time", async () => {
  await using users = await openDirectory(person);
  const both = await Promise.all([users.names("U1", "U2", "U1"), users.names("U2", "U3")]);
  expect(both).toEqual([
    { U1: "name of U1", U2: "name of U2" },
    { U2: "name of U2", U3: "name of U3" },
  ]);
  await users.names("U1", "U2", "U3");
  expect(users.asked.toSorted()).toEqual(["U1", "U2", "U3"]);
});

test("somebody unknown to Slack is not asked for again, others are", async () => {
  await using users = await openDirectory((id) =>
    id === "U1" ? { json: { ok: false, error: "user_not_found" } } : person(id),
  );
  expect(await users.names("U1")).toEqual({});
  expect(await users.names("U1", "U2")).toEqual({ U2: "name of U2" });
  expect(users.asked).toEqual(["U1", "U2"]);
});

test("without permission nobody is asked for a while", async () => {
  await using users = await openDirectory(() => ({
    json: { ok: false, error: "missing_scope", needed: "users:read" },
  }));
  expect(await users.names("U1")).toEqual({});
  expect(await users.names("U2", "U3")).toEqual({});
  expect(users.asked).toEqual(["U1"]);
});

test("one call asks for 25 people at most, the next call for the rest", async () => {
  await using users = await openDirectory(person);
  const ids = Array.from({ length: 40 }, (_, index) => `U${index}`);
  expect(Object.keys(await users.names(...ids))).toHaveLength(25);
  expect(Object.keys(await users.names(...ids))).toHaveLength(40);
  expect(users.asked).toHaveLength(40);
});

test("a name that is late is left out, and is there the next time", async () => {
  const release = Promise.withResolvers<void>();
  await using users = await openDirectory(
    async (id) => {
      if (id === "U1") await release.promise;
      return person(id);
    },
    { waitMs: 300 },
  );
  expect(await users.names("U1", "U2")).toEqual({ U2: "name of U2" });
  release.resolve();
  await expect.poll(() => users.names("U1")).toEqual({ U1: "name of U1" });
  expect(users.asked.toSorted()).toEqual(["U1", "U2"]);
});

test("the directory forgets by size and by time", async () => {
  await using small = await openDirectory(person, { maxUsers: 2 });
  await small.names("U1");
  await small.names("U2");
  await small.names("U3");
  await small.names("U1");
  expect(small.asked).toEqual(["U1", "U2", "U3", "U1"]);

  await using brief = await openDirectory(person, { ttlMs: 1 });
  await brief.names("U1");
  await setTimeout(5);
  await brief.names("U1");
  expect(brief.asked).toEqual(["U1", "U1"]);
});

test("people met in other answers need not be asked for", async () => {
  await using users = await openDirectory(person);
  users.directory.remember([{ id: "U1", name: "egon" }]);
  expect(await users.names("U1")).toEqual({ U1: "egon" });
  expect(users.asked).toEqual([]);
});
