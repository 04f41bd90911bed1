import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT, type JWK } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { startUpstream } from "../support/upstream.ts";
import { openAuthenticator, reader } from "./open-authenticator.ts";
import { startTokenServer, type TokenServer } from "./token-server.ts";

afterEach(() => void vi.useRealTimers());

/** jose reads the clock of the system for its key sets, so the tests about time move that one; timers stay real. */
function stopClock() {
  vi.useFakeTimers({ toFake: ["Date"] });
  return { advance: (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds) };
}

test.each(["RS256", "PS256", "ES256", "EdDSA"])(
  "a token of the identity provider signed with %s is accepted",
  async (algorithm) => {
    await using idp = await startTokenServer(algorithm);
    const { bearer } = await openAuthenticator({ jwt: [idp.settings] });
    const caller = await bearer(await idp.token());
    expect(caller).toMatchObject({ id: "user-1", roles: ["agent"], method: "jwt", issuer: idp.settings.issuer });
    expect(caller.expiresAt).toBeGreaterThan(Date.now());
  },
);

test("the second request with a token is answered at once and asks nobody", async () => {
  await using idp = await startTokenServer();
  const { authenticator } = await openAuthenticator({ jwt: [idp.settings] });
  const headers = reader({ authorization: `Bearer ${await idp.token()}` });
  const first = authenticator.authenticate(headers);
  expect(first).toBeInstanceOf(Promise);
  const caller = await first;
  await idp.server.stop();
  expect(authenticator.authenticate(headers)).toBe(caller);
});

const wrong: [string, (idp: TokenServer) => Promise<string>, string][] = [
  ["another issuer", (idp) => idp.token((_, payload) => (payload.iss = "https://elsewhere")), "no configured issuer"],
  ["no issuer", (idp) => idp.token((_, payload) => Object.assign(payload, { iss: undefined })), "no configured issuer"],
  ["another audience", (idp) => idp.token((_, payload) => (payload.aud = "other-api")), '"aud"'],
  ["no audience", (idp) => idp.token((_, payload) => delete payload.aud), '"aud"'],
  ["no expiry", (idp) => idp.token((_, payload) => Object.assign(payload, { exp: undefined })), '"exp"'],
  ["a start in the future", (idp) => idp.token((_, payload) => (payload.nbf = now() + 60)), '"nbf"'],
  ["no subject", (idp) => idp.token((_, payload) => delete payload.sub), "no subject"],
  ["the type of a logout token", (idp) => idp.token((header) => (header.typ = "logout+jwt")), "of type"],
  ["a changed payload", async (idp) => tampered(await idp.token()), "signature"],
  ["no signature and alg none", async (idp) => unsigned(idp), "alg"],
  ["HS256 by the public key", async (idp) => signedWithPublicKey(idp), "alg"],
  ["HS256 by the public key without a kid", async (idp) => signedWithPublicKey(idp, {}), "alg"],
  ["a key of an attacker in its own header", async (idp) => signedWithOwnKey(idp), "signature"],
];

test.each(wrong)("a token with %s is refused as not valid", async (_, make, reason) => {
  await using idp = await startTokenServer();
  const { refusal, logged } = await openAuthenticator({ jwt: [idp.settings] });
  const error = await refusal({ authorization: `Bearer ${await make(idp)}` });
  expect(error).toMatchObject({ code: "AUTHENTICATION_FAILURE_API", status: 401 });
  expect(error.details).toEqual({ problem: "invalid_credential" });
  expect(logged[0]?.reason).toContain(reason);
  expect(error.message).not.toContain(reason);
});

test("an expired token is refused as expired, with a hint to get a new one", async () => {
  await using idp = await startTokenServer();
  const { refusal } = await openAuthenticator({ jwt: [idp.settings] });
  const error = await refusal({ authorization: `Bearer ${await idp.token(undefined, { expiresIn: -60 })}` });
  expect(error.details).toEqual({ problem: "expired_credential" });
  expect(error.message).toContain("Get a new one");
});

test("a remembered token stops counting when it expires", async () => {
  const clock = stopClock();
  await using idp = await startTokenServer();
  const { authenticator, bearer, refusal } = await openAuthenticator({ jwt: [idp.settings] });
  const token = await idp.token(undefined, { expiresIn: 60 });
  const connection = {};
  const again = async () => authenticator.authenticate({ ...reader({ authorization: `Bearer ${token}` }), connection });
  await bearer(token);
  await again();
  clock.advance(59_000);
  await bearer(token);
  await again();
  clock.advance(7_000);
  expect((await refusal({ authorization: `Bearer ${token}` })).details).toEqual({ problem: "expired_credential" });
  await expect(again()).rejects.toMatchObject({ details: { problem: "expired_credential" } });
});

test("a remembered token is verified anew after five minutes, so a key taken back ends it", async () => {
  const clock = stopClock();
  await using idp = await startTokenServer();
  const { bearer, refusal } = await openAuthenticator({ jwt: [idp.settings] });
  const token = await idp.token();
  await bearer(token);
  vi.spyOn(idp.server.issuer.keys, "toJSON").mockReturnValue([]);
  clock.advance(11 * 60_000);
  expect((await refusal({ authorization: `Bearer ${token}` })).details).toEqual({ problem: "invalid_credential" });
});

test("a key that the provider rotated in is found, and unknown keys ask for the set at most every 30 s", async () => {
  const clock = stopClock();
  await using idp = await startTokenServer();
  const asked = vi.spyOn(idp.server.issuer.keys, "toJSON");
  const { bearer, refusal } = await openAuthenticator({ jwt: [idp.settings] });
  await bearer(await idp.token());
  expect(asked).toHaveBeenCalledTimes(1);
  for (const kid of ["x", "y", "z"]) {
    await refusal({ authorization: `Bearer ${await idp.token((header) => (header.kid = kid))}` });
  }
  expect(asked).toHaveBeenCalledTimes(1);

  await idp.server.issuer.keys.generate("RS256", { kid: "second" });
  clock.advance(31_000);
  expect(await bearer(await idp.token(undefined, { kid: "second" }))).toMatchObject({ id: "user-1" });
  expect(await bearer(await idp.token((_, payload) => (payload.sub = "user-2"), { kid: "first" }))).toMatchObject({
    id: "user-2",
  });
  expect(asked).toHaveBeenCalledTimes(2);
});

test("an identity provider that is down refuses tokens as not checkable now, tells when to retry, and is not flooded", async () => {
  const clock = stopClock();
  await using idp = await startTokenServer();
  let status = 500;
  await using keys = await startUpstream(() =>
    status === 200 ? { json: { keys: idp.server.issuer.keys.toJSON() } } : { status, text: "down" },
  );
  const { bearer, refusal, logged } = await openAuthenticator({
    jwt: [{ ...idp.settings, jwksUrl: `${keys.url}/jwks` }],
  });
  const token = await idp.token();
  for (let round = 0; round < 5; round++) {
    const error = await refusal({ authorization: `Bearer ${token}` });
    expect(error).toMatchObject({ code: "AUTHENTICATION_FAILURE_API", retryAfterMs: 5000 });
    expect(error.details).toEqual({ problem: "unverifiable_credential" });
    expect(error.isRetryable()).toBe(true);
    expect(error.message).not.toContain(keys.url);
  }
  expect(keys.requests).toHaveLength(1);
  expect(logged[0]?.reason).toContain(keys.url);
  status = 200;
  clock.advance(1500);
  expect(await bearer(token)).toMatchObject({ id: "user-1" });
});

test("roles come from the configured claim: a list, a nested list, a namespaced name, or words in one text", async () => {
  await using idp = await startTokenServer();
  const rolesOf = async (rolesClaim: string, claims: Record<string, unknown>) => {
    const { bearer } = await openAuthenticator({ jwt: [{ ...idp.settings, rolesClaim }] });
    return (await bearer(await idp.token((_, payload) => Object.assign(payload, { roles: undefined }, claims)))).roles;
  };
  expect(await rolesOf("roles", { roles: ["a", 1, "", "b"] })).toEqual(["a", "b"]);
  expect(await rolesOf("realm_access.roles", { realm_access: { roles: ["a"] } })).toEqual(["a"]);
  expect(await rolesOf("https://example.com/roles", { "https://example.com/roles": ["a"] })).toEqual(["a"]);
  expect(await rolesOf("scope", { scope: "read write" })).toEqual(["read", "write"]);
  expect(await rolesOf("roles", {})).toEqual([]);
  expect(await rolesOf("constructor.name", {})).toEqual([]);
});

test("one issuer may serve two audiences, each with its own entry", async () => {
  await using idp = await startTokenServer();
  const second = { ...idp.settings, audience: "second", rolesClaim: "groups" };
  const { bearer, refusal } = await openAuthenticator({ jwt: [idp.settings, second] });
  const forSecond = await idp.token((_, payload) => Object.assign(payload, { aud: "second", groups: ["g"] }));
  expect((await bearer(await idp.token())).roles).toEqual(["agent"]);
  expect((await bearer(forSecond)).roles).toEqual(["g"]);
  const expired = await idp.token((_, payload) => Object.assign(payload, { aud: "second", exp: now() - 60 }));
  expect((await refusal({ authorization: `Bearer ${expired}` })).details).toEqual({ problem: "expired_credential" });
});

const shared = {
  issuer: "https://own-app",
  audience: "toolgraph",
  secretRef: "SHARED",
  algorithms: ["HS256"],
  rolesClaim: "roles",
};
const sharedSecret = "a shared secret of more than 32 bytes";
const sign = (alg: string, secret: string) =>
  new SignJWT({ roles: ["agent"] })
    .setProtectedHeader({ alg })
    .setIssuer("https://own-app")
    .setAudience("toolgraph")
    .setSubject("user-1")
    .setExpirationTime("5m")
    .sign(new TextEncoder().encode(secret));

test("a shared secret accepts HS256 and nothing else", async () => {
  const { bearer, refusal } = await openAuthenticator({ jwt: [shared] }, { SHARED: sharedSecret });
  expect(await bearer(await sign("HS256", sharedSecret))).toMatchObject({ id: "user-1", roles: ["agent"] });
  await refusal({ authorization: `Bearer ${await sign("HS512", sharedSecret.repeat(2))}` });
  await refusal({ authorization: `Bearer ${await sign("HS512", sharedSecret)}` });
  await refusal({ authorization: `Bearer ${await sign("HS256", `${sharedSecret}!`)}` });
});

test("a new authenticator, made for changed settings, does not know what the old one remembered", async () => {
  const before = await openAuthenticator({ jwt: [shared] }, { SHARED: sharedSecret });
  const token = await sign("HS256", sharedSecret);
  await before.bearer(token);
  const after = await openAuthenticator({ jwt: [shared] }, { SHARED: "another secret of more than 32 bytes" });
  await after.refusal({ authorization: `Bearer ${token}` });
  expect(await before.bearer(token)).toMatchObject({ id: "user-1" });
});

const now = () => Math.floor(Date.now() / 1000);

function tampered(token: string): string {
  const [header, payload = "", signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const raised = Buffer.from(JSON.stringify({ ...claims, roles: ["admin"] })).toString("base64url");
  return [header, raised, signature].join(".");
}

const claimsFor = (idp: TokenServer) => ({
  iss: idp.settings.issuer,
  aud: "toolgraph",
  sub: "user-1",
  exp: now() + 300,
});

function unsigned(idp: TokenServer): string {
  return new UnsecuredJWT(claimsFor(idp)).encode();
}

/** The classical confusion: the public key's PEM text as an HMAC secret. */
function signedWithPublicKey(idp: TokenServer, header: { kid?: string } = { kid: "first" }): Promise<string> {
  const [jwk] = idp.server.issuer.keys.toJSON();
  const pem = createPublicKey({ key: jwk as JWK, format: "jwk" }).export({ type: "spki", format: "pem" });
  return new SignJWT(claimsFor(idp))
    .setProtectedHeader({ alg: "HS256", ...header })
    .sign(new TextEncoder().encode(String(pem)));
}

function signedWithOwnKey(idp: TokenServer): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return new SignJWT(claimsFor(idp))
    .setProtectedHeader({ alg: "RS256", kid: "first", jwk: publicKey.export({ format: "jwk" }) })
    .sign(privateKey);
}
