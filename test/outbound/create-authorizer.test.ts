import { OAuth2Server } from "oauth2-mock-server";
import { expect, test } from "vitest";
import type { AuthenticationSettings, ServerSettings } from "../../src/config/settings.ts";
import type { ApiKeyPlace, Authorizer } from "../../src/connector/connector.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { createAuthorizer } from "../../src/outbound/create-authorizer.ts";
import { HttpUpstream } from "../../src/outbound/http-upstream.ts";
import { createSecretResolver } from "../../src/secrets/create-secret-resolver.ts";
import { MemoryTokens } from "../../src/state/memory-tokens.ts";
import { startUpstream, type Answer, type ReceivedRequest } from "../support/upstream.ts";

const env = {
  TOKEN: "t-secret",
  USER: "ann@example.com",
  PASSWORD: "pä:ss",
  ID: "id one",
  SECRET: "s+e/cret",
  REFRESH: "refresh-1",
  ACCESS: "access-0",
};

function authorizerOf(
  authentication: AuthenticationSettings,
  options: { apiKeyPlace?: ApiKeyPlace; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Authorizer> {
  const server = {
    id: "s",
    config: {},
    timeoutMs: options.timeoutMs ?? 5_000,
    authentication,
  } as unknown as ServerSettings;
  return createAuthorizer({
    server,
    connector: options.apiKeyPlace ? { apiKeyPlace: () => options.apiKeyPlace! } : {},
    tokens: new MemoryTokens(),
    secrets: createSecretResolver({ settings: { default: "env" }, env: options.env ?? env, baseFolder: "/" }),
  });
}

async function failureOf(outcome: Promise<unknown> | (() => unknown)): Promise<CatalogueError> {
  const error: unknown = await (async () => (typeof outcome === "function" ? outcome() : outcome))().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CatalogueError);
  return error as CatalogueError;
}

test("each method puts its credential where the server looks for it", async () => {
  const none = await authorizerOf({ method: "none" });
  expect(await none.headers()).toEqual({});
  const bearer = await authorizerOf({ method: "bearer_token", tokenRef: "TOKEN" });
  expect(await bearer.headers()).toEqual({ authorization: "Bearer t-secret" });
  const pat = await authorizerOf({ method: "pat", tokenRef: "env:TOKEN" });
  expect([pat.method, await pat.headers()]).toEqual(["pat", { authorization: "Bearer t-secret" }]);
  const basic = await authorizerOf({ method: "basic_auth", usernameRef: "USER", passwordRef: "PASSWORD" });
  const pair = Buffer.from("ann@example.com:pä:ss", "utf8").toString("base64");
  expect(await basic.headers()).toEqual({ authorization: `Basic ${pair}` });
  const query = await authorizerOf({ method: "api_key", apiKeyRef: "TOKEN", queryParamName: "key" });
  expect([await query.headers(), query.query]).toEqual([{}, { key: "t-secret" }]);
  const header = await authorizerOf({ method: "api_key", apiKeyRef: "TOKEN", headerName: "X-Key" });
  expect(await header.headers()).toEqual({ "x-key": "t-secret" });
});

test("an API key goes where the connector puts it unless the configuration says otherwise", async () => {
  const apiKeyPlace = { headerName: "Authorization", prefix: "Bearer " };
  const headersOf = async (more: Partial<AuthenticationSettings>, key = "t-secret") =>
    (
      await authorizerOf({ method: "api_key", apiKeyRef: "KEY", ...more }, { apiKeyPlace, env: { KEY: key } })
    ).headers();
  expect(await headersOf({})).toEqual({ authorization: "Bearer t-secret" });
  expect(await headersOf({ headerName: "authorization" })).toEqual({ authorization: "Bearer t-secret" });
  expect(await headersOf({}, "Bearer t-secret")).toEqual({ authorization: "Bearer t-secret" });
  expect(await headersOf({ headerName: "X-Key" })).toEqual({ "x-key": "t-secret" });
});

test("a secret that cannot travel in a header is refused before any call, and not shown", async () => {
  for (const value of ["a\r\nx-admin: 1", "a\nb", "tökén–€", "nul\0"]) {
    const bad = { TOKEN: value };
    for (const authentication of [
      { method: "bearer_token", tokenRef: "TOKEN" },
      { method: "api_key", apiKeyRef: "TOKEN", headerName: "x-key" },
    ] as const) {
      const failure = await failureOf(authorizerOf(authentication, { env: bad }));
      expect(failure.code).toBe("CONFIGURATION_ERROR");
      expect(`${failure.message}${failure.suggestion}`).not.toContain(value);
    }
  }
});

test("what is missing makes the server unusable, with its reason", async () => {
  const missing = await failureOf(authorizerOf({ method: "bearer_token", tokenRef: "GONE" }));
  expect([missing.code, missing.message]).toEqual(["CONFIGURATION_ERROR", "The secret 'GONE' is missing."]);
  const incomplete = await failureOf(authorizerOf({ method: "basic_auth", usernameRef: "USER" }));
  expect(incomplete.message).toBe("The authentication method basic_auth needs passwordRef.");
  const nowhere = await failureOf(authorizerOf({ method: "api_key", apiKeyRef: "TOKEN" }));
  expect(nowhere.message).toContain("headerName or queryParamName");
  const colon = await failureOf(authorizerOf({ method: "basic_auth", usernameRef: "PASSWORD", passwordRef: "TOKEN" }));
  expect(colon.message).toBe("The secret of usernameRef holds a colon, so it cannot be sent.");
});

const clientCredentials = (tokenUrl: string): AuthenticationSettings => ({
  method: "oauth2_client_credentials",
  tokenUrl,
  clientIdRef: "ID",
  clientSecretRef: "SECRET",
  scopes: ["read", "write"],
});
const refresh = (tokenUrl: string): AuthenticationSettings => ({
  method: "oauth2",
  tokenUrl,
  clientIdRef: "ID",
  clientSecretRef: "SECRET",
  refreshTokenRef: "REFRESH",
});
const formOf = (request: ReceivedRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));

/** A token endpoint that gives `access-1`, `access-2` and so on. */
function counting(more: Record<string, unknown> = {}): () => Answer {
  let count = 0;
  return () => ({ json: { access_token: `access-${++count}`, token_type: "Bearer", expires_in: 3600, ...more } });
}

test("client credentials are exchanged for a token, which many calls at once share", async () => {
  await using endpoint = await startUpstream(counting());
  const authorizer = await authorizerOf(clientCredentials(`${endpoint.url}/oauth/token?tenant=1`));
  expect(endpoint.requests).toHaveLength(0);
  const headers = await Promise.all(Array.from({ length: 20 }, async () => authorizer.headers()));
  expect(new Set(headers.map((each) => each.authorization))).toEqual(new Set(["Bearer access-1"]));
  expect(authorizer.headers()).toEqual({ authorization: "Bearer access-1" });
  expect(endpoint.requests).toHaveLength(1);
  const [request] = endpoint.requests;
  expect([request?.method, request?.url]).toEqual(["POST", "/oauth/token?tenant=1"]);
  expect(formOf(request)).toEqual({ grant_type: "client_credentials", scope: "read write" });
  // RFC 6749 section 2.3.1: form-encoded before it is joined.
  expect(request?.headers.authorization).toBe(`Basic ${Buffer.from("id+one:s%2Be%2Fcret").toString("base64")}`);
});

test("an endpoint that takes the client in the form only is understood, and remembered", async () => {
  const next = counting({ expires_in: 0.02 });
  await using endpoint = await startUpstream((request) =>
    request.headers.authorization === undefined ? next() : { status: 401, json: { error: "invalid_client" } },
  );
  const authorizer = await authorizerOf(clientCredentials(endpoint.url));
  expect(await authorizer.headers()).toEqual({ authorization: "Bearer access-1" });
  expect(formOf(endpoint.requests[1])).toMatchObject({ client_id: "id one", client_secret: "s+e/cret" });
  await expect.poll(async () => (await authorizer.headers()).authorization).toBe("Bearer access-2");
  expect(endpoint.requests.map(({ headers }) => headers.authorization === undefined)).toEqual([false, true, true]);
});

test("a token is renewed shortly before it expires", async () => {
  await using endpoint = await startUpstream(counting({ expires_in: 0.02 }));
  const authorizer = await authorizerOf(clientCredentials(endpoint.url));
  await authorizer.headers();
  await expect.poll(async () => (await authorizer.headers()).authorization).toBe("Bearer access-2");
});

test("a rotated refresh token is used from then on", async () => {
  let count = 1;
  await using endpoint = await startUpstream(() => {
    count += 1;
    return { json: { access_token: `access-${count}`, refresh_token: `refresh-${count}` } };
  });
  const authorizer = await authorizerOf(refresh(endpoint.url));
  const { credentialId } = authorizer;
  await authorizer.headers();
  await authorizer.refused?.();
  await authorizer.headers();
  expect(endpoint.requests.map(formOf)).toEqual([
    { grant_type: "refresh_token", refresh_token: "refresh-1" },
    { grant_type: "refresh_token", refresh_token: "refresh-2" },
  ]);
  expect(authorizer.credentialId).toBe(credentialId);
});

test("a configured access token is used until it is refused", async () => {
  await using endpoint = await startUpstream(counting());
  const authorizer = await authorizerOf({ ...refresh(endpoint.url), accessTokenRef: "ACCESS" });
  expect(await authorizer.headers()).toEqual({ authorization: "Bearer access-0" });
  expect(await authorizer.refused?.()).toBe(true);
  expect(await authorizer.headers()).toEqual({ authorization: "Bearer access-1" });
});

test("a revoked token is replaced once; a server that refuses the fresh one too is not asked for ever", async () => {
  await using endpoint = await startUpstream(counting());
  await using server = await startUpstream((request) =>
    request.headers.authorization === "Bearer access-1"
      ? { status: 401 }
      : { json: { token: request.headers.authorization } },
  );
  const authorizer = await authorizerOf(clientCredentials(endpoint.url));
  const upstream = new HttpUpstream({ baseUrl: server.url, authorizer, config: {} });
  const http = upstream.client({ signal: AbortSignal.timeout(5_000), requestId: "r" });
  expect((await http.get("/")).json()).toEqual({ token: "Bearer access-2" });
  expect(await authorizer.refused?.()).toBe(false);
  expect(await authorizer.headers()).toEqual({ authorization: "Bearer access-2" });
  expect(endpoint.requests).toHaveLength(2);
  await upstream.close();
});

test("calls that were all sent with the revoked token are all repeated with one fresh one", async () => {
  await using endpoint = await startUpstream(counting());
  const authorizer = await authorizerOf(clientCredentials(endpoint.url));
  await authorizer.headers();
  const again = await Promise.all(
    Array.from({ length: 10 }, async () => ((await authorizer.refused?.()) ? authorizer.headers() : undefined)),
  );
  expect(new Set(again.map((headers) => headers?.authorization))).toEqual(new Set(["Bearer access-2"]));
  expect(endpoint.requests).toHaveLength(2);
});

test.each<[string, Answer, Partial<CatalogueError>]>([
  [
    "refuses the refresh token",
    { status: 400, json: { error: "invalid_grant", error_description: "refresh-1 is dead" } },
    {
      code: "MCP_AUTHENTICATION_FAILURE",
      message: "The token endpoint of this server refused the gateway's credential with 400 invalid_grant.",
      serverStatusCode: 400,
    },
  ],
  [
    "hides its error in a 200",
    { json: { ok: false, error: "invalid_refresh_token" } },
    { code: "MCP_AUTHENTICATION_FAILURE" },
  ],
  [
    "answers a page",
    { text: "<html>s+e/cret</html>" },
    { code: "MCP_AUTHENTICATION_FAILURE", message: "The token endpoint of this server gave no usable access token." },
  ],
  ["gives a token that cannot be sent", { json: { access_token: "a\r\nb" } }, { code: "MCP_AUTHENTICATION_FAILURE" }],
  [
    "redirects elsewhere",
    { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    { code: "MCP_AUTHENTICATION_FAILURE" },
  ],
  [
    "limits requests",
    { status: 429, headers: { "retry-after": "7" } },
    { code: "MCP_RATE_LIMIT_EXCEEDED", retryAfterMs: 7000 },
  ],
  ["fails", { status: 503, text: "down" }, { code: "MCP_SERVER_ERROR", serverStatusCode: 503 }],
])("a token endpoint that %s is a catalogue error without a secret in it", async (_, answer, expected) => {
  await using endpoint = await startUpstream(() => answer);
  const authorizer = await authorizerOf(refresh(endpoint.url));
  const failure = await failureOf(() => authorizer.headers());
  expect(failure).toMatchObject({ ...expected, acted: "no" });
  const shown = JSON.stringify([failure.message, failure.suggestion, failure.details, failure.serverErrorDetails]);
  for (const secret of Object.values(env)) expect(shown).not.toContain(secret);
  expect(shown).not.toContain("127.0.0.1");
});

test("a refusal is not asked for again by every call, a broken connection is", async () => {
  await using endpoint = await startUpstream(() => ({ status: 400, json: { error: "invalid_grant" } }));
  const authorizer = await authorizerOf(refresh(endpoint.url));
  await failureOf(() => authorizer.headers());
  await failureOf(() => authorizer.headers());
  expect(endpoint.requests).toHaveLength(1);

  let isUp = false;
  const give = counting();
  await using flaky = await startUpstream((_request, response) => (isUp ? give() : void response.destroy()));
  const other = await authorizerOf(refresh(flaky.url));
  const broken = await failureOf(() => other.headers());
  expect(broken).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "no", status: 502 });
  isUp = true;
  expect(await other.headers()).toEqual({ authorization: "Bearer access-1" });
});

test("a token endpoint that is not there, or never answers, is a connection error of a call that was not sent", async () => {
  const url = await (async () => {
    await using gone = await startUpstream(() => ({}));
    return gone.url;
  })();
  const refused = await failureOf((await authorizerOf(clientCredentials(url))).headers() as Promise<unknown>);
  expect(refused).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "no", status: 502 });
  expect(refused.isRetryable("write")).toBe(true);

  await using silent = await startUpstream(() => {});
  const late = await failureOf(
    (await authorizerOf(clientCredentials(silent.url), { timeoutMs: 50 })).headers() as Promise<unknown>,
  );
  expect(late).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "no", status: 504 });
});

test("credentials are told apart without being revealed", async () => {
  const idOf = async (authentication: AuthenticationSettings) => (await authorizerOf(authentication)).credentialId;
  const ids = await Promise.all([
    idOf({ method: "bearer_token", tokenRef: "TOKEN" }),
    idOf({ method: "bearer_token", tokenRef: "ACCESS" }),
    idOf(clientCredentials("https://idp/a")),
    idOf(clientCredentials("https://idp/b")),
    idOf(refresh("https://idp/a")),
  ]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.join()).toMatch(/^[0-9a-f,]+$/);
});

test("an independent OAuth server accepts both grants", async () => {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  try {
    const tokenUrl = `http://127.0.0.1:${server.address().port}/token`;
    for (const authentication of [clientCredentials(tokenUrl), refresh(tokenUrl)]) {
      const { authorization } = await (await authorizerOf(authentication)).headers();
      expect(authorization).toMatch(/^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    }
  } finally {
    await server.stop();
  }
});
