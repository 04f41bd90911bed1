import { hkdfSync } from "node:crypto";
import { encode } from "@auth/core/jwt";
import { EncryptJWT } from "jose";
import { describe, expect, test } from "vitest";
import { openAuthenticator } from "./open-authenticator.ts";

const settings = { authjs: { secretRefs: ["NEW", "OLD"] } };
const secrets = { NEW: "the new secret of the app", OLD: "the old secret of the app" };
const claims = { sub: "user-1", name: "Ada", roles: ["agent"] };
const V5 = "authjs.session-token";
const V5_SECURE = "__Secure-authjs.session-token";
const V4 = "next-auth.session-token";
const V4_SECURE = "__Secure-next-auth.session-token";

/** A token as Auth.js v5 itself makes it. */
const v5 = (cookie = V5, token: object = claims, secret = secrets.NEW, maxAge = 3600) =>
  encode({ token, secret, salt: cookie, maxAge });

/**
 * A token as NextAuth v4 makes it. The facts are those of the published package next-auth 4.24, jwt/index.js: header
 * `{alg: "dir", enc: "A256GCM"}` without kid, key HKDF-SHA256(secret, salt "", info "NextAuth.js Generated Encryption
 * Key", 32 bytes), claims iat, exp and jti added.
 */
async function v4(token: Record<string, unknown> = claims, secret = secrets.NEW, maxAge = 3600): Promise<string> {
  const key = hkdfSync("sha256", secret, "", "NextAuth.js Generated Encryption Key", 32);
  return new EncryptJWT(token)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + maxAge)
    .setJti(crypto.randomUUID())
    .encrypt(new Uint8Array(key));
}

const fromOurPage = { "sec-fetch-site": "same-origin" };

test.each([
  [V5, () => v5(V5)],
  [V5_SECURE, () => v5(V5_SECURE)],
  [V4, () => v4()],
  [V4_SECURE, () => v4()],
])("a session of the cookie %s names its user, by cookie and as bearer token", async (cookie, make) => {
  const { who, bearer } = await openAuthenticator(settings, secrets);
  const token = await make();
  const caller = await who({ cookie: `theme=dark; ${cookie}=${token}; other=1`, ...fromOurPage });
  expect(caller).toMatchObject({ id: "user-1", roles: ["agent"], method: "authjs" });
  expect(caller.expiresAt).toBeGreaterThan(Date.now());
  expect(await bearer(token)).toEqual(caller);
});

test("a session made with the old secret still counts, one made with a foreign secret does not", async () => {
  const { bearer, refusal } = await openAuthenticator(settings, secrets);
  expect(await bearer(await v5(V5, claims, secrets.OLD))).toMatchObject({ id: "user-1" });
  expect(await bearer(await v4(claims, secrets.OLD))).toMatchObject({ id: "user-1" });
  await refusal({ authorization: `Bearer ${await v5(V5, claims, "foreign")}` });
  await refusal({ authorization: `Bearer ${await v4(claims, "foreign")}` });
});

test("when the old secret is gone from the settings, its sessions end", async () => {
  const { refusal } = await openAuthenticator({ authjs: { secretRefs: ["NEW"] } }, secrets);
  await refusal({ authorization: `Bearer ${await v5(V5, claims, secrets.OLD)}` });
  await refusal({ authorization: `Bearer ${await v4(claims, secrets.OLD)}` });
});

test("an expired session is refused as expired", async () => {
  const { refusal } = await openAuthenticator(settings, secrets);
  for (const token of [await v5(V5, claims, secrets.NEW, -60), await v4(claims, secrets.NEW, -60)]) {
    expect((await refusal({ authorization: `Bearer ${token}` })).details).toEqual({ problem: "expired_credential" });
  }
});

test("other cookies that the app encrypts with the same secret are not sessions", async () => {
  const { refusal, logged } = await openAuthenticator(settings, secrets);
  await refusal({ authorization: `Bearer ${await v5("authjs.state")}` });
  await refusal({ authorization: `Bearer ${await v4({ value: "pkce-verifier" })}` });
  expect(logged.map((line) => line.reason)).toEqual([
    "the session token was not made with a configured secret",
    "the token names no subject",
  ]);
});

test("a changed session token is refused", async () => {
  const { refusal } = await openAuthenticator(settings, secrets);
  for (const token of [await v5(), await v4()]) {
    const parts = token.split(".");
    const body = parts[3] ?? "";
    parts[3] = (body.startsWith("A") ? "B" : "A") + body.slice(1);
    await refusal({ authorization: `Bearer ${parts.join(".")}` });
  }
});

test("roles are read from `roles` and `role`", async () => {
  const { bearer } = await openAuthenticator(settings, secrets);
  expect((await bearer(await v5(V5, { sub: "u", role: "admin" }))).roles).toEqual(["admin"]);
  expect((await bearer(await v5(V5, { sub: "u", roles: ["a", "b"], role: "a" }))).roles).toEqual(["a", "b"]);
  expect((await bearer(await v5(V5, { sub: "u" }))).roles).toEqual([]);
});

test("a session too long for one cookie is joined from its chunks, in whatever order they come", async () => {
  const { who, refusal } = await openAuthenticator(settings, secrets);
  const token = await v5(V5, { ...claims, roles: Array.from({ length: 500 }, (_, index) => `role-${index}`) });
  const size = Math.ceil(token.length / 12);
  const chunks = Array.from(
    { length: 12 },
    (_, index) => `${V5}.${index}=${token.slice(index * size, (index + 1) * size)}`,
  );
  expect((await who({ cookie: [...chunks].reverse().join("; "), ...fromOurPage })).roles).toHaveLength(500);
  await refusal({ cookie: chunks.filter((_, index) => index !== 5).join("; "), ...fromOurPage });
});

test("a header wins over the cookie, also when the header is wrong", async () => {
  const opened = await openAuthenticator(
    { ...settings, apiKeys: [{ id: "agent-1", keyRef: "KEY", roles: [] }] },
    { ...secrets, KEY: "the-key" },
  );
  const cookie = `${V5}=${await v5()}`;
  expect(await opened.who({ cookie, "x-api-key": "the-key", ...fromOurPage })).toMatchObject({ id: "agent-1" });
  await opened.refusal({ cookie, "x-api-key": "wrong", ...fromOurPage });
});

test("an API key in the session cookie is no session, even after it was used as a header", async () => {
  const apiKeys = [{ id: "agent-1", keyRef: "KEY", roles: [] }];
  const { who, refusal } = await openAuthenticator({ ...settings, apiKeys }, { ...secrets, KEY: "the-key" });
  await who({ "x-api-key": "the-key" });
  await refusal({ cookie: `${V5}=the-key`, ...fromOurPage });
});

test("a signed token in the session cookie is no session: only what Auth.js encrypted is", async () => {
  const serviceAccounts = [{ clientId: "bot", clientSecretRef: "BOT", roles: [] }];
  const { authenticator, who, refusal } = await openAuthenticator(
    { ...settings, serviceAccounts },
    { ...secrets, BOT: "x" },
  );
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: "bot", client_secret: "x" });
  const { access_token } = await authenticator.issueToken({ form });
  await refusal({ cookie: `${V5}=${access_token}`, ...fromOurPage });
  expect(await who({ authorization: `Bearer ${access_token}` })).toMatchObject({ id: "bot" });
});

test("without Auth.js in the settings, cookies of other local apps are not looked at", async () => {
  const { who } = await openAuthenticator({ anonymous: true });
  expect(await who({ cookie: `${V5}=${await v5()}` })).toMatchObject({ id: "anonymous" });
});

describe("a session cookie counts only on requests of our own pages", () => {
  const host = "tools.example.com";
  test.each([
    ["same origin", { "sec-fetch-site": "same-origin" }],
    ["typed by the user", { "sec-fetch-site": "none" }],
    ["a program without either header", {}],
    ["an old browser on our page", { origin: `https://${host}`, host }],
  ])("%s: accepted", async (_, headers: Record<string, string>) => {
    const { who } = await openAuthenticator(settings, secrets);
    expect(await who({ cookie: `${V5}=${await v5()}`, ...headers })).toMatchObject({ id: "user-1" });
  });

  test.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["another site that sends JSON", { "sec-fetch-site": "cross-site", "content-type": "application/json" }],
    ["another site that claims our origin", { "sec-fetch-site": "cross-site", origin: `https://${host}`, host }],
    ["a sibling subdomain", { "sec-fetch-site": "same-site", origin: "https://blog.example.com", host }],
    ["a foreign page in an old browser", { origin: "https://evil.example", host }],
    ["a sandboxed frame in an old browser", { origin: "null", host }],
  ])("%s: as if no cookie was sent", async (_, headers: Record<string, string>) => {
    const { refusal } = await openAuthenticator(settings, secrets);
    const error = await refusal({ cookie: `${V5}=${await v5()}`, ...headers });
    expect(error.details).toEqual({ problem: "missing_credential" });
  });

  test("a bearer token is no cookie: it counts from anywhere", async () => {
    const { who } = await openAuthenticator(settings, secrets);
    const authorization = `Bearer ${await v5()}`;
    expect(await who({ authorization, "sec-fetch-site": "cross-site" })).toMatchObject({ id: "user-1" });
  });
});
