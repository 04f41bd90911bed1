import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { callerKey } from "../../src/auth/caller.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { openAuthenticator, reader } from "./open-authenticator.ts";

const apiKeys = [
  { id: "agent-1", keyRef: "AGENT_1_KEY", roles: ["agent"] },
  { id: "agent-2", keyRef: "AGENT_2_KEY", roles: ["agent", "writer"] },
];
const secrets = {
  AGENT_1_KEY: "key-of-agent-one",
  AGENT_2_KEY: `sha256:${createHash("sha256").update("key-of-agent-two").digest("hex")}`,
};
const agent1 = { id: "agent-1", roles: ["agent"], method: "api_key" };

test("an API key is accepted in either header, and in both when they agree", async () => {
  const { who } = await openAuthenticator({ apiKeys }, secrets);
  expect(await who({ authorization: "Bearer key-of-agent-one" })).toEqual(agent1);
  expect(await who({ authorization: "bearer  key-of-agent-one" })).toEqual(agent1);
  expect(await who({ "x-api-key": "key-of-agent-one" })).toEqual(agent1);
  expect(await who({ "x-api-key": "key-of-agent-one", authorization: "Bearer key-of-agent-one" })).toEqual(agent1);
});

test("a key whose secret is only a hash is accepted raw, and its hash is not a key", async () => {
  const { bearer, refusal } = await openAuthenticator({ apiKeys }, secrets);
  expect(await bearer("key-of-agent-two")).toMatchObject({ id: "agent-2", roles: ["agent", "writer"] });
  await refusal({ "x-api-key": secrets.AGENT_2_KEY });
  await refusal({ "x-api-key": secrets.AGENT_2_KEY.slice("sha256:".length) });
});

test("a known key is answered at once, without a promise", async () => {
  const { authenticator } = await openAuthenticator({ apiKeys }, secrets);
  expect(authenticator.authenticate(reader({ "x-api-key": "key-of-agent-one" }))).toEqual(agent1);
});

test("one connection may carry requests of many callers, each with its own credential", async () => {
  const { authenticator } = await openAuthenticator({ apiKeys }, secrets);
  const connection = {};
  const ask = async (key: string) =>
    authenticator.authenticate({ ...reader({ authorization: `Bearer ${key}` }), connection });
  for (let round = 0; round < 3; round += 1) {
    expect(await ask("key-of-agent-one")).toEqual(agent1);
    expect(await ask("key-of-agent-one")).toEqual(agent1);
    expect(await ask("key-of-agent-two")).toMatchObject({ id: "agent-2" });
    await expect(ask("key-of-agent-0ne")).rejects.toMatchObject({ code: "AUTHENTICATION_FAILURE_API" });
    await expect(ask("key-of-agent-on")).rejects.toMatchObject({ code: "AUTHENTICATION_FAILURE_API" });
  }
});

test("two headers with different keys are refused, even when both keys are valid", async () => {
  const { refusal, logged } = await openAuthenticator({ apiKeys }, secrets);
  const error = await refusal({ authorization: "Bearer key-of-agent-one", "x-api-key": "key-of-agent-two" });
  expect(error).toMatchObject({ code: "AUTHENTICATION_FAILURE_API", status: 401 });
  expect(logged[0]).toMatchObject({ reason: expect.stringMatching(/two different/) });
});

test("without a credential the caller learns how to send one", async () => {
  const { refusal } = await openAuthenticator({ apiKeys }, secrets);
  const error = await refusal({});
  expect(error.message).toBe(
    "This request carries no credential. Send a credential of this gateway as 'Authorization: Bearer <token>' or 'X-API-Key: <key>'.",
  );
  expect(error.details).toEqual({ problem: "missing_credential" });
  expect(error.isRetryable()).toBe(false);
});

test("anonymous callers are let in where allowed, but never with a wrong credential", async () => {
  const { who, refusal } = await openAuthenticator({ apiKeys, anonymous: true }, secrets);
  expect(await who({})).toEqual({ id: "anonymous", roles: ["anonymous"], method: "anonymous" });
  expect(await who({ "x-api-key": "key-of-agent-one" })).toEqual(agent1);
  for (const headers of [
    { "x-api-key": "wrong" },
    { "x-api-key": "" },
    { authorization: "" },
    { authorization: "Bearer " },
    { authorization: "Bearer" },
    { authorization: "Basic a2V5LW9mLWFnZW50LW9uZTo=" },
    { authorization: "key-of-agent-one" },
  ]) {
    expect((await refusal(headers)).details, inspect(headers)).toEqual({ problem: "invalid_credential" });
  }
});

test.each([
  ["a line break", "key-of-agent-one\r\nx-role: admin"],
  ["a NUL", "key-of-agent-one\0"],
  ["a tab", "key-of-agent-one\t"],
  ["a second value joined by a proxy", "key-of-agent-one, key-of-agent-two"],
  ["a second value without a space", "key-of-agent-one,key-of-agent-one"],
  ["a letter beyond ASCII", "key-of-agent-onė"],
])("a header with %s is refused and its text is not echoed", async (_, value) => {
  const { refusal, logged } = await openAuthenticator({ apiKeys }, secrets);
  for (const headers of [{ "x-api-key": value }, { authorization: `Bearer ${value}` }]) {
    const error = await refusal(headers);
    expect(JSON.stringify([error.message, error.details, error.suggestion])).not.toContain("agent-one");
  }
  expect(JSON.stringify(logged)).not.toContain("agent-one");
});

test("a credential over 16 KB is refused before anything is computed on it", async () => {
  const long = "k".repeat(16 * 1024 + 1);
  const { refusal, logged } = await openAuthenticator(
    { apiKeys: [{ id: "long", keyRef: "LONG", roles: [] }] },
    { LONG: long },
  );
  await refusal({ "x-api-key": long });
  expect(logged[0]).toMatchObject({ reason: "X-API-Key is longer than 16384 characters" });
});

test("every wrong key and forged token reads the same to the caller; only the log tells them apart", async () => {
  const { refusal, logged } = await openAuthenticator(
    { apiKeys, authjs: { secretRefs: ["S"] } },
    { ...secrets, S: "s" },
  );
  const forged = ["wrong", "key-of-agent-on", "a.b.c", "a.b.c.d.e", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0."];
  const errors = await Promise.all(forged.map((token) => refusal({ authorization: `Bearer ${token}` })));
  expect(new Set(errors.map((error) => JSON.stringify([error.message, error.details, error.suggestion]))).size).toBe(1);
  expect(new Set(logged.map((line) => line.reason)).size).toBeGreaterThan(2);
});

test("the developer token names the developer, and is shown by nothing that prints", async () => {
  const opened = await openAuthenticator({}, {}, { developerToken: new Secret("dev-token-of-today") });
  expect(await opened.bearer("dev-token-of-today")).toEqual({
    id: "developer",
    roles: ["developer"],
    method: "developer_token",
  });
  expect(inspect(opened.authenticator, { depth: 9, showHidden: true })).not.toContain("dev-token");
});

test("a missing, empty, unusable or repeated secret switches off its own credential and says why", async () => {
  const { authenticator, who, refusal } = await openAuthenticator(
    {
      apiKeys: [
        { id: "good", keyRef: "GOOD", roles: [] },
        { id: "missing", keyRef: "MISSING", roles: [] },
        { id: "empty", keyRef: "EMPTY", roles: [] },
        { id: "blank", keyRef: "BLANK", roles: [] },
        { id: "twin", keyRef: "TWIN", roles: [] },
      ],
      serviceAccounts: [{ clientId: "bot", clientSecretRef: "BOT", roles: [] }],
      authjs: { secretRefs: ["AUTH_SECRET"] },
      jwt: [
        { issuer: "a", audience: "b", secretRef: "SHORT", algorithms: ["HS256"], rolesClaim: "roles" },
        { issuer: "c", audience: "d", jwksUrl: "https://c/jwks", algorithms: ["HS256", "none"], rolesClaim: "roles" },
      ],
    },
    { GOOD: "good-key\n", EMPTY: "", BLANK: " ", TWIN: "good-key", SHORT: "too short" },
  );
  expect([...authenticator.faults].sort()).toEqual([
    "API key 'blank' is off: it is empty or holds a space, a comma or characters beyond ASCII",
    "API key 'empty' is off: it names the secret 'EMPTY', which is empty",
    "API key 'missing' is off: it names the secret 'MISSING', which cannot be read (MISSING is not set)",
    "API key 'twin' is off: it is the same secret as that of 'good'",
    "An Auth.js secret is off: it names the secret 'AUTH_SECRET', which cannot be read (AUTH_SECRET is not set)",
    "JWT issuer 'a' is off: it cannot be used: its shared secret is shorter than 32 bytes",
    "JWT issuer 'c' is off: it cannot be used: algorithms names none of RS256…512, PS256…512, ES256…512, EdDSA",
    "Service account 'bot' is off: it names the secret 'BOT', which cannot be read (BOT is not set)",
  ]);
  expect(await who({ "x-api-key": "good-key" })).toMatchObject({ id: "good" });
  await refusal({ "x-api-key": "" });
});

test("callers of the same id are told apart by how they were authenticated", () => {
  const key = callerKey({ id: "agent-1", roles: [], method: "api_key" });
  expect(key).toBe('["api_key","","agent-1"]');
  const token = { id: "agent-1", roles: [], method: "jwt" } as const;
  expect(new Set([key, callerKey({ ...token, issuer: "a" }), callerKey({ ...token, issuer: "b" })]).size).toBe(3);
});
