/** Replicas share OAuth tokens through Redis: one fetches for all, a refresh token is used once, and nothing is stored in plain text. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Authorizer } from "../../src/connector/connector.ts";
import type { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { OAuthCredential } from "../../src/outbound/oauth-credential.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { MemoryTokens } from "../../src/state/memory-tokens.ts";
import { RedisState } from "../../src/state/redis-state.ts";
import type { SharedTokens } from "../../src/state/shared-tokens.ts";
import { redisBinary, startRedis, type RedisServer } from "../state/redis-server.ts";
import { startUpstream } from "../support/upstream.ts";
import { startTokenEndpoint, type TokenEndpoint } from "./token-endpoint.ts";

type Grant = "client_credentials" | "refresh_token";

function credential(
  endpoint: Pick<TokenEndpoint, "url">,
  tokens: SharedTokens,
  grant: Grant = "client_credentials",
  timeoutMs = 2_000,
): Authorizer {
  return new OAuthCredential({
    method: grant === "refresh_token" ? "oauth2" : "oauth2_client_credentials",
    tokenUrl: endpoint.url,
    clientId: new Secret("client"),
    clientSecret: new Secret("secret-of-the-client"),
    scopes: [],
    timeoutMs,
    tokens,
    ...(grant === "refresh_token" && { refreshToken: new Secret("refresh-1") }),
  });
}

const tokenOf = async (authorizer: Authorizer) => (await authorizer.headers()).authorization;
const failureOf = async (authorizer: Authorizer) =>
  tokenOf(authorizer).then(
    (token) => token,
    (error: CatalogueError) => ({ code: error.code, status: error.status, acted: error.acted }),
  );
/** What each of them sends, or the error it gets, all asked several times at once. */
const askAll = async (authorizers: readonly Authorizer[]) => [
  ...new Set((await Promise.all([...authorizers, ...authorizers].map(failureOf))).map((each) => JSON.stringify(each))),
];

test("in one process, servers with the same credential share it, and a reload does not bring back a used refresh token", async () => {
  await using endpoint = await startTokenEndpoint();
  const tokens = new MemoryTokens();
  const servers = [1, 2, 3].map(() => credential(endpoint, tokens, "refresh_token"));
  expect(await askAll(servers)).toEqual(['"Bearer access-1"']);
  const reloaded = credential(endpoint, tokens, "refresh_token");
  expect(await tokenOf(reloaded)).toBe("Bearer access-1");
  await reloaded.refused!();
  expect(await tokenOf(reloaded)).toBe("Bearer access-2");
  expect(await askAll([reloaded, ...servers])).toEqual(['"Bearer access-2"']);
  expect([endpoint.count(), endpoint.usedTwice]).toEqual([2, []]);
});

test("a call in a hurry does not lose the answer that holds the next refresh token", async () => {
  await using endpoint = await startTokenEndpoint();
  endpoint.before = () => sleep(100);
  const hurried = credential(endpoint, new MemoryTokens(), "refresh_token", 20);
  expect(await tokenOf(hurried)).toBe("Bearer access-1");
  await hurried.refused!();
  expect(await tokenOf(hurried)).toBe("Bearer access-2");
  expect(endpoint.usedTwice).toEqual([]);
});

describe.skipIf(redisBinary() === undefined)("three replicas (need redis-server)", () => {
  let redis: RedisServer;
  let states: RedisState[];
  const health = () =>
    expect.poll(() => states.map((state) => state.status().health), { interval: 10, timeout: 10_000 });
  const allAre = (status: "ok" | "degraded") => health().toEqual([status, status, status]);
  const replicas = (endpoint: Pick<TokenEndpoint, "url">, grant?: Grant) =>
    states.map(({ tokens }) => credential(endpoint, tokens, grant));

  beforeAll(async () => {
    redis = await startRedis();
    const open = () => RedisState.open({ address: redis.address, log: pino({ level: "silent" }) });
    states = [await open(), await open(), await open()];
  });
  afterAll(async () => {
    await Promise.all(states.map((state) => state.close()));
    await redis[Symbol.asyncDispose]();
  });

  test("fetch one token, whoever asks first, and keep it sealed for as long as it lives", async () => {
    await using endpoint = await startTokenEndpoint();
    expect(await askAll(replicas(endpoint, "refresh_token"))).toEqual(['"Bearer access-1"']);
    expect([endpoint.count(), endpoint.usedTwice]).toEqual([1, []]);
    await using other = await startTokenEndpoint(100);
    expect(await askAll(replicas(other))).toEqual(['"Bearer access-1"']);

    const client = new Redis(redis.address);
    const keys = await client.keys("*");
    const stored = JSON.stringify(await Promise.all(keys.map(async (key) => [key, await client.hgetall(key)])));
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    client.disconnect();
    expect(keys).toHaveLength(2);
    for (const plain of ["access-", "refresh-", "secret-of"]) {
      expect(stored).not.toContain(plain);
      expect(stored).not.toContain(Buffer.from(plain).toString("base64url").slice(0, -1));
    }
    expect(Math.min(...lives)).toBeGreaterThan(90_000);
    expect(Math.min(...lives)).toBeLessThanOrEqual(100_000);
  });

  test("a replica that starts later takes over the token; one with another secret of the client does not", async () => {
    await using endpoint = await startTokenEndpoint();
    const [first, second, third] = states.map(({ tokens }) => tokens);
    expect(await tokenOf(credential(endpoint, first!))).toBe("Bearer access-1");
    expect(await tokenOf(credential(endpoint, second!))).toBe("Bearer access-1");
    const changed = new OAuthCredential({
      method: "oauth2_client_credentials",
      tokenUrl: endpoint.url,
      clientId: new Secret("client"),
      clientSecret: new Secret("another-secret-of-the-client"),
      scopes: [],
      timeoutMs: 2_000,
      tokens: third!,
    });
    expect(await tokenOf(changed)).toBe("Bearer access-2");
  });

  test("a refused token is replaced once, for all of them; the others do not meet its refusal", async () => {
    await using endpoint = await startTokenEndpoint();
    const [first, second, third] = replicas(endpoint);
    const all = [first!, second!, third!];
    const refused = await Promise.all(all.map(async (each) => each.headers()));
    // Two hear of it at the same time.
    expect(await Promise.all([first!.refused!(refused[0]), second!.refused!(refused[1])])).toEqual([true, true]);
    expect(await askAll([first!, second!])).toEqual(['"Bearer access-2"']);
    await expect.poll(() => tokenOf(third!), { interval: 5 }).toBe("Bearer access-2");
    // What it was sent with is older than what it has: the call is repeated, nothing is fetched.
    expect(await third!.refused!(refused[2])).toBe(true);
    expect(await askAll(all)).toEqual(['"Bearer access-2"']);
    expect(endpoint.count()).toBe(2);
  });

  test("renew again and again, and no refresh token is used twice", async () => {
    await using endpoint = await startTokenEndpoint(0.2);
    const all = replicas(endpoint, "refresh_token");
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      for (const answer of await askAll(all)) expect(answer).toMatch(/^"Bearer access-\d+"$/);
    }
    expect(endpoint.usedTwice).toEqual([]);
    expect(endpoint.count()).toBeGreaterThan(3);
    // Each lives for 180 ms before it is renewed.
    expect(endpoint.count()).toBeLessThan(12);
  });

  test("what keeps one from fetching is told to those who waited; a refusal to everybody for a while", async () => {
    await using endpoint = await startTokenEndpoint();
    const all = replicas(endpoint);
    endpoint.failure = { status: 503 };
    const seen = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    endpoint.before = () => (seen.resolve(), gate.promise);
    const asked = askAll(all);
    await seen.promise;
    gate.resolve();
    expect(await asked).toEqual([JSON.stringify({ code: "MCP_SERVER_ERROR", status: 502, acted: "no" })]);
    expect(endpoint.count()).toBe(1);
    endpoint.failure = { status: 401, json: { error: "invalid_client" } };
    const refused = [JSON.stringify({ code: "MCP_AUTHENTICATION_FAILURE", status: 502, acted: "no" })];
    expect(await askAll(all)).toEqual(refused);
    expect(await askAll(all)).toEqual(refused);
    // In the header, then in the form.
    expect(endpoint.count()).toBe(1 + 2);
  });

  test("without Redis, a refresh token that was seen to be used again and again is used by each", async () => {
    let given = 0;
    await using lasting = await startUpstream(() => ({
      json: { access_token: `access-${(given += 1)}`, expires_in: 0.3 },
    }));
    const all = replicas({ url: lasting.url }, "refresh_token");
    expect(await askAll(all)).toEqual(['"Bearer access-1"']);
    await redis.pause();
    try {
      await expect.poll(async () => (await askAll(all)).length, { timeout: 5_000 }).toBe(3);
    } finally {
      await redis.resume();
    }
    await allAre("ok");
  });

  test("the turn of a replica that died passes on, and what it tells late does not count", async () => {
    const [first, second] = states.map(({ tokens }) => tokens);
    const wish = { id: "of-the-dead", leaseMs: 100 };
    const dead = await first!.begin(wish);
    expect(dead).toMatchObject({ status: "turn", isAlone: false });
    expect(await second!.begin(wish)).toMatchObject({ status: "taken" });
    await expect.poll(() => second!.begin(wish), { interval: 20 }).toMatchObject({ status: "turn" });
    const taken = (await second!.begin(wish)) as { fence: number };
    const token = { fence: taken.fence, sealed: "later", renewAt: Date.now() + 60_000 };
    await second!.finish(wish.id, token, 60_000);
    await first!.finish(wish.id, { ...token, fence: (dead as { fence: number }).fence, sealed: "earlier" }, 60_000);
    expect(await first!.begin(wish)).toMatchObject({ status: "kept", token: { sealed: "later" } });
  });

  test.each([
    ["paused", () => redis.pause(), () => redis.resume()],
    ["gone and restarted empty", () => redis.kill(), () => redis.restart()],
  ])(
    "with Redis %s each fetches its own, but none uses a refresh token that another may have used",
    async (...story) => {
      const [, lose, restore] = story;
      await using endpoint = await startTokenEndpoint(0.5);
      await using rotating = await startTokenEndpoint(0.5);
      const [clients, users] = [replicas(endpoint), replicas(rotating, "refresh_token")];
      expect(await askAll(users)).toEqual(['"Bearer access-1"']);
      expect(await askAll(clients)).toEqual(['"Bearer access-1"']);
      await lose();
      try {
        await expect.poll(async () => (await askAll(clients)).length, { timeout: 5_000 }).toBe(3);
        await allAre("degraded");
        const unavailable = [JSON.stringify({ code: "MCP_CONNECTION_ERROR", status: 503, acted: "no" })];
        await expect.poll(() => askAll(users), { timeout: 5_000 }).toEqual(unavailable);
        expect(rotating.count()).toBe(1);
        // A replica that starts now does not know what became of the configured one.
        expect(await askAll(replicas(rotating, "refresh_token"))).toEqual(unavailable);
        expect(rotating.count()).toBe(1);
      } finally {
        await restore();
      }
      await allAre("ok");
      expect(await askAll(users)).toEqual(['"Bearer access-2"']);
      expect(rotating.usedTwice).toEqual([]);
      await expect.poll(async () => (await askAll(clients)).length, { timeout: 5_000 }).toBe(1);
    },
  );
});
