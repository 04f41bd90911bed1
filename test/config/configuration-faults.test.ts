import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configFolder } from "./config-folder.ts";

test("a file with ten mistakes shows all ten at once, each with its line and what was expected", async () => {
  await using folder = await configFolder();
  const faults = await folder.faults(`servers:
  - id: "bad id"
    type: jria
    timeout_ms: soon
    nmae: Jira
  - id: search
    type: web_search
    server_specific_config: { provider: bing }
    authentication: { method: pat, tokenRef: T }
gateway:
  port: 70000
  auth: { api_keys: [{ id: a }] }
  policies: [{ roles: [agent], allow: [{ effects: [raed] }] }]
  state: mongodb://cache
`);
  expect(faults).toEqual([
    "toolgraph.yaml:2 servers[0].id: is not a server id; expected letters, digits, '.', '_' and '-', at most 64",
    expect.stringMatching(/^toolgraph\.yaml:3 servers\[0\]\.type: is not a known server type; .*did you mean jira\?/),
    "toolgraph.yaml:4 servers[0].timeout_ms: is text; expected a number",
    "toolgraph.yaml:5 servers[0].nmae: is not a known key; expected name",
    "toolgraph.yaml:8 servers[1].server_specific_config.provider: is not one of the allowed values; expected one of brave, tavily, searxng, google",
    "toolgraph.yaml:9 servers[1].authentication.method: is not one that a web_search server takes; expected one of api_key, none",
    "toolgraph.yaml:11 gateway.port: is too large; expected at most 65535",
    expect.stringMatching(
      /^toolgraph\.yaml:12 gateway\.auth\.api_keys\[0\]\.key_ref: is required; expected a secret ref/,
    ),
    "toolgraph.yaml:13 gateway.policies[0].allow[0].effects[0]: is not one of the allowed values; expected one of read, write, destructive (did you mean read?)",
    "toolgraph.yaml:14 gateway.state: is not a place for state; expected memory, or a redis://, rediss:// or valkey:// address",
  ]);
});

const oneServer = (rest: string) => `servers: [{ id: s, type: asana, ${rest} }]`;
const oneLogin = (rest: string) => oneServer(`authentication: { ${rest} }`);
const gateway = (rest: string) => `{ servers: [], gateway: { ${rest} } }`;

test.each([
  ["a server without id", "servers: [{ type: mcp }]", "servers[0].id: is required"],
  ["a server that is text", "- jira", "[0]: is not a server"],
  ["a configuration without servers", "gateway: {}", "servers: is required"],
  ["servers left empty", "servers:", "servers: is empty"],
  ["a misspelt part", "{ servers: [], getaway: {} }", "getaway: is not a known key; expected gateway"],
  ["a server id given twice", "[{ id: a, type: mcp }, { id: a, type: mcp }]", "[1].id: 'a' is given twice"],
  ["an empty type", "[{ id: a, type: '' }]", "[0].type: is empty"],
  ["an address that is none", oneServer("base_url: jira"), "base_url: is not an address"],
  ["an address with a password", oneServer("base_url: 'https://u:p@x'"), "base_url: holds a credential"],
  ["an unknown method", oneLogin("method: basic"), "(did you mean basic_auth?)"],
  ["a method left out", oneLogin("tokenRef: T"), "authentication.method: is required; expected one of none,"],
  ["authentication left out where it is needed", "[{ id: s, type: jira }]", "authentication: is required"],
  ["a bearer token without token", oneLogin("method: bearer_token"), "tokenRef: is required"],
  ["basic_auth without password", oneLogin("method: basic_auth, usernameRef: U"), "passwordRef: is required"],
  [
    "oauth2 without refresh token",
    oneLogin("method: oauth2, clientIdRef: A, clientSecretRef: B, tokenUrl: 'https://x'"),
    "refreshTokenRef: is required",
  ],
  [
    "authentication that is text",
    "[{ id: s, type: jira, authentication: none }]",
    "authentication: is text; expected a mapping",
  ],
  [
    "a field of another method",
    oneLogin("method: bearer_token, tokenRef: T, passwordRef: P"),
    "passwordRef: is not a known key; expected one of method, tokenRef",
  ],
  [
    "a key with two places",
    "[{ id: a, type: web_search, server_specific_config: { provider: brave }, authentication: { method: api_key, apiKeyRef: K, headerName: X, queryParamName: k } }]",
    "[0].authentication: names both a header and a query parameter",
  ],
  [
    "a key with no place",
    "[{ id: a, type: asana, authentication: { method: api_key, apiKeyRef: K } }]",
    "[0].authentication: does not say where the key goes",
  ],
  [
    "a header that is no name",
    "[{ id: a, type: asana, authentication: { method: api_key, apiKeyRef: K, headerName: 'X Y' } }]",
    "headerName: is not a header name",
  ],
  [
    "an unknown key of the connector",
    "[{ id: a, type: mcp, server_specific_config: { comand: npx } }]",
    "server_specific_config.comand: is not a known key; expected command",
  ],
  [
    "a value the connector refuses",
    "[{ id: a, type: mcp, server_specific_config: { args: npx } }]",
    "server_specific_config.args: is text; expected a list",
  ],
  ["a fraction of an attempt", oneServer("retry_policy: { max_attempts: 1.5 }"), "max_attempts: is not a whole number"],
  [
    "camelCase where snake_case is written",
    oneServer("timeoutMs: 5"),
    "timeoutMs: is not a known key; expected timeout_ms",
  ],
  [
    "snake_case where camelCase is written",
    oneServer("is_enabled: true"),
    "is_enabled: is not a known key; expected isEnabled",
  ],
  [
    "an unknown secret store",
    oneLogin("method: bearer_token, tokenRef: 'vualt:a#b'"),
    "tokenRef: names no known secret store",
  ],
  [
    "a Vault reference without field",
    oneLogin("method: bearer_token, tokenRef: 'vault:kv/jira'"),
    "tokenRef: is not of the form vault:path#field",
  ],
  [
    "everybody let in from anywhere",
    gateway("host: 0.0.0.0, auth: { anonymous: true }"),
    "gateway.auth.anonymous: lets everybody in",
  ],
  [
    "everybody let in on a look-alike of loopback",
    gateway("host: 127.0.0.1.example.com, auth: { anonymous: true }"),
    "gateway.auth.anonymous: lets everybody in",
  ],
  ["an issuer without key", gateway("auth: { jwt: [{ issuer: i, audience: a }] }"), "gateway.auth.jwt[0]: has no key"],
  [
    "an issuer with two keys",
    gateway("auth: { jwt: [{ issuer: i, audience: a, secret_ref: S, jwks_url: 'https://i' }] }"),
    "gateway.auth.jwt[0]: has two keys",
  ],
  [
    "a shared-secret algorithm with public keys",
    gateway("auth: { jwt: [{ issuer: i, audience: a, jwks_url: 'https://i', algorithms: [RS256, HS256] }] }"),
    "algorithms: do not fit the key; expected no HS256",
  ],
  [
    "an unsigned token",
    gateway("auth: { jwt: [{ issuer: i, audience: a, jwks_url: 'https://i', algorithms: [none] }] }"),
    "algorithms[0]: is not one of the allowed values",
  ],
  [
    "an API key id given twice",
    gateway("auth: { api_keys: [{ id: a, key_ref: A }, { id: a, key_ref: B }] }"),
    "api_keys[1].id: 'a' is given twice",
  ],
  [
    "a service account given twice",
    gateway(
      "auth: { service_accounts: [{ client_id: a, client_secret_ref: A }, { client_id: a, client_secret_ref: B }] }",
    ),
    "service_accounts[1].client_id: 'a' is given twice",
  ],
  [
    "a schema that does not compile",
    gateway("policies: [{ roles: [a], allow: [{ arguments: { type: nonsense } }] }]"),
    "arguments: cannot be compiled; expected a JSON Schema",
  ],
  [
    "a glob that is none",
    gateway("policies: [{ roles: [a], deny: [{ tools: ['a b'] }] }]"),
    "deny[0].tools[0]: is not a glob",
  ],
  ["a policy for nobody", gateway("policies: [{ roles: [] }]"), "roles: is too small; expected at least 1 item(s)"],
  [
    "an unknown default store",
    gateway("secrets: { default: keychain }"),
    "gateway.secrets.default: is not a secret store",
  ],
])("%s is a fault", async (_, text, fault) => {
  await using folder = await configFolder();
  const faults = await folder.faults(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

test("a secret that was pasted where its name belongs is not repeated in the fault", async () => {
  await using folder = await configFolder();
  const pasted = ["xoxb-1234-abcdef", "user:pa55word", "p@55 word", "eyJhbGciOi.x.y"];
  for (const value of pasted) {
    const faults = await folder.faults(oneLogin(`method: bearer_token, tokenRef: "${value}"`));
    expect(faults.join()).toContain("tokenRef");
    expect(faults.join()).not.toContain(value);
  }
});

test.each([
  ["empty", "\n", "toolgraph.yaml: is empty; expected servers: [...] and optionally gateway: {...}"],
  [
    "no mapping",
    "hello",
    "toolgraph.yaml:1: is not a configuration; expected servers: [...] and optionally gateway: {...}",
  ],
  ["broken YAML", "servers:\n  - id: a\n   type: mcp", /^toolgraph\.yaml:\d: is not valid YAML: /],
  ["broken JSON", '{"servers": [', /^toolgraph\.yaml:1: is not valid YAML: /],
  [
    "a key given twice",
    "servers: []\nservers: []",
    "toolgraph.yaml:2: the key 'servers' is given twice; expected each key once",
  ],
  ["two documents", "servers: []\n---\nservers: []", /^toolgraph\.yaml:2: is not valid YAML: .*multiple documents/],
  [
    "an anchor that is not set",
    "servers: *shared",
    /^toolgraph\.yaml(:1)?: (uses an anchor that is not set|is not valid YAML: Unresolved alias)/,
  ],
  ["an unknown tag", "servers: !!js/function 'x'", /^toolgraph\.yaml:1: is not valid YAML: Unresolved tag/],
  [
    "a value that holds itself",
    "- &a { id: a, type: mcp, metadata: { me: *a } }",
    "toolgraph.yaml:1 [0].metadata.me: holds itself; expected an alias of something else",
  ],
  ["a set", "servers: !!set { a, b }", /^toolgraph\.yaml:1 servers: is of a type that JSON does not have/],
  [
    "an infinite number",
    "servers: [{ id: a, timeout_ms: .inf }]",
    "toolgraph.yaml:1 servers[0].timeout_ms: is not a finite number",
  ],
  [
    "Latin-1",
    Buffer.from("servers: [] # caf\xe9", "latin1"),
    "toolgraph.yaml: is not UTF-8 text; expected UTF-8; save the file in that encoding",
  ],
  [
    "UTF-16",
    Buffer.from("\ufeffservers: []", "utf16le"),
    "toolgraph.yaml: is UTF-16 text; expected UTF-8; save the file in that encoding",
  ],
  ["binary", Buffer.from("\0\0\0"), "toolgraph.yaml: is not a text file; expected YAML or JSON"],
  ["over 5 MB", Buffer.alloc(5 * 1024 * 1024 + 1, "#"), "toolgraph.yaml: is too large; expected at most 5242880 bytes"],
])("a file that is %s is one clear fault", async (_, content, fault) => {
  await using folder = await configFolder();
  const faults = await folder.faults(content);
  expect(faults[0]).toEqual(typeof fault === "string" ? fault : expect.stringMatching(fault));
});

test("a small file whose anchors multiply into a huge document is refused at once", async () => {
  await using folder = await configFolder();
  const levels = Array.from({ length: 12 }, (_, level) =>
    level === 0 ? "a0: &a0 [x, x, x, x, x, x, x, x, x]" : `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`,
  );
  expect(await folder.faults(levels.join("\n"))).toEqual([
    "toolgraph.yaml: uses its anchors too often; expected at most 100 aliases in all",
  ]);
});

test("keys that are no text do not make noise beside their faults", async () => {
  await using folder = await configFolder();
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on("warning", listen);
  expect(await folder.faults("servers: []\n? [a, b]\n: c")).toHaveLength(1);
  await new Promise(setImmediate);
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});

test("a document nested a hundred thousand deep is a fault, not a crash", async () => {
  await using folder = await configFolder();
  expect(await folder.faults(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toEqual([
    expect.stringMatching(/^toolgraph\.yaml(:1)?: is nested too deeply$/),
  ]);
});

test("a folder in place of the file, and a file that may not be read, say what to do", async () => {
  await using folder = await configFolder();
  await mkdir(join(folder.folder, "settings"));
  expect(await folder.load({ file: "settings" })).toMatchObject({
    faults: [{ file: "settings", problem: "is a folder", expected: "a file; name the configuration file in it" }],
  });
  // Permissions bind everybody but root.
  if (process.getuid?.() === 0) return;
  await chmod(await folder.write("closed.yaml", "servers: []"), 0o000);
  expect(await folder.load({ file: "closed.yaml" })).toMatchObject({ faults: [{ problem: "may not be read" }] });
});
