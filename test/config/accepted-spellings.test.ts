import { expect, test } from "vitest";
import { configFolder } from "./config-folder.ts";

test("the older spelling `enabled` is isEnabled", async () => {
  await using folder = await configFolder();
  const { servers } = await folder.settings(
    "[{ id: a, type: mcp, enabled: false }, { id: b, type: mcp, enabled: true }]",
  );
  expect(servers.map(({ id, isEnabled }) => [id, isEnabled])).toEqual([
    ["a", false],
    ["b", true],
  ]);
});

test.each([
  ["{ method: bearer_token, token_secret_name: T }", { method: "bearer_token", tokenRef: "T" }],
  [
    "{ method: basic_auth, username_secret_name: U, password_secret_name: P }",
    { method: "basic_auth", usernameRef: "U", passwordRef: "P" },
  ],
  [
    "{ method: api_key, api_key_secret_name: K, header_name: X-Key }",
    { method: "api_key", apiKeyRef: "K", headerName: "X-Key" },
  ],
  [
    "{ method: api_key, api_key_secret_name: K, query_param_name: key }",
    { method: "api_key", apiKeyRef: "K", queryParamName: "key" },
  ],
  [
    "{ method: oauth2_client_credentials, token_url: 'https://x/t', client_id_secret_name: I, client_secret_secret_name: S, scopes: [a] }",
    {
      method: "oauth2_client_credentials",
      tokenUrl: "https://x/t",
      clientIdRef: "I",
      clientSecretRef: "S",
      scopes: ["a"],
    },
  ],
])("the older spelling auth_details: %s is authentication", async (details, authentication) => {
  await using folder = await configFolder();
  const { servers } = await folder.settings(`[{ id: a, type: asana, auth_details: ${details} }]`);
  expect(servers[0]?.authentication).toEqual(authentication);
});

test("a fault in an older spelling names the field as it is written", async () => {
  await using folder = await configFolder();
  const faults = await folder.faults(`
- id: a
  type: asana
  enabled: maybe
  auth_details:
    method: basic_auth
    username_secret_name: "no such:reference"
`);
  expect(faults).toEqual([
    "toolgraph.yaml:4 [0].enabled: is text; expected true or false",
    expect.stringMatching(/^toolgraph\.yaml:5 \[0\]\.auth_details\.password_secret_name: is required/),
    expect.stringMatching(/^toolgraph\.yaml:7 \[0\]\.auth_details\.username_secret_name: names no known secret store/),
  ]);
});

test("a setting given in both spellings is a fault", async () => {
  await using folder = await configFolder();
  expect(await folder.faults("[{ id: a, type: mcp, enabled: true, isEnabled: false }]")).toEqual([
    "toolgraph.yaml:1 [0].enabled: is the older spelling of isEnabled, which is given too; expected one of them",
  ]);
});

test("JSON with tabs, a byte order mark, anchors and merge keys are all read", async () => {
  await using folder = await configFolder();
  expect(
    (await folder.settings('\ufeff{\n\t"servers": [\n\t\t{ "id": "a", "type": "mcp" }\n\t]\n}')).servers,
  ).toHaveLength(1);
  const { servers } = await folder.settings(`
- &base { id: a, type: mcp, timeout_ms: 5000 }
- { <<: *base, id: b }
`);
  expect(servers.map(({ id, timeoutMs }) => [id, timeoutMs])).toEqual([
    ["a", 5000],
    ["b", 5000],
  ]);
});

test("a JSON file may name its schema for the editor", async () => {
  await using folder = await configFolder();
  expect((await folder.settings('{ "$schema": "./configuration.schema.json", "servers": [] }')).servers).toEqual([]);
});

test("a known type without a connector keeps its own configuration as it is written", async () => {
  await using folder = await configFolder();
  const { servers } = await folder.settings(
    "[{ id: a, type: graphql, server_specific_config: { url: 'https://x', any: [1] } }]",
  );
  expect(servers[0]).toMatchObject({ type: "graphql", config: { url: "https://x", any: [1] } });
});

test("secret references inside a server's own configuration pass its connector's check and are kept", async () => {
  await using folder = await configFolder();
  const { servers } = await folder.settings(
    "[{ id: a, type: mcp, server_specific_config: { command: npx, env: { TOKEN: { ref: 'env:GITHUB_TOKEN' }, MODE: fast } } }]",
  );
  expect(servers[0]?.config).toEqual({
    command: "npx",
    args: [],
    env: { TOKEN: { ref: "env:GITHUB_TOKEN" }, MODE: "fast" },
    headers: {},
  });
});

test.each(["127.0.0.1", "127.8.9.10", "::1", "localhost"])("everybody may be let in on %s", async (host) => {
  await using folder = await configFolder();
  const { gateway } = await folder.settings(`{ servers: [], gateway: { host: "${host}", auth: { anonymous: true } } }`);
  expect(gateway.auth.anonymous).toBe(true);
});

test("the host of the command line wins, also where everybody may be let in", async () => {
  await using folder = await configFolder();
  await folder.write("toolgraph.yaml", "{ servers: [], gateway: { auth: { anonymous: true } } }");
  expect(await folder.load({ host: "0.0.0.0" })).toMatchObject({
    ok: false,
    faults: [{ path: "gateway.auth.anonymous", line: 1 }],
  });
  await folder.write("toolgraph.yaml", "{ servers: [], gateway: { host: 0.0.0.0, auth: { anonymous: true } } }");
  expect(await folder.load({ host: "::1" })).toMatchObject({ ok: true, settings: { gateway: { host: "::1" } } });
});

test.each(["memory", "redis://cache:6379/1", "rediss://u:p@cache", "valkey://cache"])(
  "state may be %s",
  async (state) => {
    await using folder = await configFolder();
    expect((await folder.settings(`{ servers: [], gateway: { state: "${state}" } }`)).gateway.state).toBe(state);
  },
);

test("an issuer with a shared secret accepts HS256 unless it says otherwise", async () => {
  await using folder = await configFolder();
  const { gateway } = await folder.settings(
    "{ servers: [], gateway: { auth: { jwt: [{ issuer: i, audience: a, secret_ref: S }, { issuer: j, audience: a, jwks_url: 'https://j' }] } } }",
  );
  expect(gateway.auth.jwt).toEqual([
    { issuer: "i", audience: "a", secretRef: "S", algorithms: ["HS256"], rolesClaim: "roles" },
    { issuer: "j", audience: "a", jwksUrl: "https://j", algorithms: ["RS256"], rolesClaim: "roles" },
  ]);
});
