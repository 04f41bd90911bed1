import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { OAuthError } from "../../src/auth/oauth-error.ts";
import { openAuthenticator } from "./open-authenticator.ts";

const settings = {
  serviceAccounts: [
    { clientId: "bot", clientSecretRef: "BOT", roles: ["agent"] },
    { clientId: "urn:bot 2", clientSecretRef: "BOT_2", roles: [] },
  ],
};
const secrets = { BOT: "secret of the bot", BOT_2: "100%:+ü" };

const form = (fields: Record<string, string> | string) => new URLSearchParams(fields);
const grant = { grant_type: "client_credentials" };
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test("a client trades its id and secret for a token of ten minutes, and is known by it", async () => {
  const { authenticator, bearer } = await openAuthenticator(settings, secrets);
  const issued = await authenticator.issueToken({
    form: form({ ...grant, client_id: "bot", client_secret: "secret of the bot" }),
  });
  expect(issued).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 600 });
  const caller = await bearer(issued.access_token);
  expect(caller).toMatchObject({ id: "bot", roles: ["agent"], method: "service_account" });
  expect(caller.expiresAt).toBe((decodeJwt(issued.access_token).exp ?? 0) * 1000);
});

test("HTTP Basic works, form-encoded as the specification has it or as it is", async () => {
  const { authenticator } = await openAuthenticator(settings, secrets);
  const accepted = ["bot:secret of the bot", "bot:secret+of+the+bot", "urn%3Abot+2:100%25%3A%2B%C3%BC"];
  for (const pair of accepted) {
    expect(await authenticator.issueToken({ form: form(grant), authorization: basic(pair) }), pair).toMatchObject({
      token_type: "Bearer",
    });
  }
});

const good = { client_id: "bot", client_secret: "secret of the bot" };
const refusals: [string, string, { form: URLSearchParams; authorization?: string }][] = [
  ["a wrong secret", "invalid_client", { form: form({ ...grant, ...good, client_secret: "secret of the bo" }) }],
  ["an unknown client", "invalid_client", { form: form({ ...grant, ...good, client_id: "boss" }) }],
  ["another client's secret", "invalid_client", { form: form({ ...grant, ...good, client_secret: secrets.BOT_2 }) }],
  ["no client", "invalid_client", { form: form(grant) }],
  ["an empty secret", "invalid_client", { form: form({ ...grant, client_id: "bot", client_secret: "" }) }],
  ["a wrong secret by Basic", "invalid_client", { form: form(grant), authorization: basic("bot:wrong") }],
  ["a bearer token for Basic", "invalid_client", { form: form(grant), authorization: "Bearer abc" }],
  ["Basic without a colon", "invalid_client", { form: form(grant), authorization: basic("bot") }],
  ["no grant type", "invalid_request", { form: form(good) }],
  [
    "a field sent twice",
    "invalid_request",
    { form: form(`grant_type=client_credentials&client_id=bot&client_id=bot`) },
  ],
  ["a secret sent twice", "invalid_request", { form: form({ ...grant, ...good }), authorization: basic("bot:x") }],
  [
    "two client ids",
    "invalid_request",
    { form: form({ ...grant, client_id: "other" }), authorization: basic("bot:x") },
  ],
  ["another grant", "unsupported_grant_type", { form: form({ ...good, grant_type: "password" }) }],
];

test.each(refusals)("%s is refused with %s", async (_, code, request) => {
  const { authenticator } = await openAuthenticator(settings, secrets);
  const error = await authenticator.issueToken(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof OAuthError)) throw new Error("expected an OAuthError", { cause: error });
  expect(error.body).toEqual({ error: code, error_description: error.message });
  expect(error.status).toBe(code === "invalid_client" ? 401 : 400);
  expect(error.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
  expect("www-authenticate" in error.headers).toBe(code === "invalid_client");
});

test("an unknown client and a wrong secret read the same", async () => {
  const { authenticator } = await openAuthenticator(settings, secrets);
  const texts = [{ client_id: "boss" }, { client_secret: "wrong" }].map((change) =>
    authenticator.issueToken({ form: form({ ...grant, ...good, ...change }) }).catch((error: Error) => error.message),
  );
  const [unknown, wrong] = await Promise.all(texts);
  expect(unknown).toBe(wrong);
});

test("a token expires after ten minutes", async () => {
  let now = Date.now();
  const { authenticator, bearer, refusal } = await openAuthenticator(settings, secrets, { clock: () => now });
  const { access_token } = await authenticator.issueToken({ form: form({ ...grant, ...good }) });
  await bearer(access_token);
  now += 599_000;
  await bearer(access_token);
  now += 10_000;
  const error = await refusal({ authorization: `Bearer ${access_token}` });
  expect(error.details).toEqual({ problem: "expired_credential" });
});

test("after a reload a token lives on with the roles configured now, until its account or secret is gone", async () => {
  const before = await openAuthenticator(settings, secrets);
  const { access_token } = await before.authenticator.issueToken({ form: form({ ...grant, ...good }) });
  const authorization = `Bearer ${access_token}`;

  const promoted = { serviceAccounts: [{ clientId: "bot", clientSecretRef: "BOT", roles: ["admin"] }] };
  expect(await (await openAuthenticator(promoted, secrets)).who({ authorization })).toMatchObject({ roles: ["admin"] });
  await (await openAuthenticator(settings, { ...secrets, BOT: "a new secret" })).refusal({ authorization });
  await (await openAuthenticator({}, secrets)).refusal({ authorization });
});

test("replicas accept each other's tokens when they are given the same key, and only then", async () => {
  const open = (key: string) => openAuthenticator({ ...settings, signingKeyRef: "KEY" }, { ...secrets, KEY: key });
  const [a, b, foreign] = await Promise.all([open("one key"), open("one key"), open("another key")]);
  const { access_token } = await a.authenticator.issueToken({ form: form({ ...grant, ...good }) });
  expect(await b.bearer(access_token)).toMatchObject({ id: "bot" });
  await foreign.refusal({ authorization: `Bearer ${access_token}` });
});
