import { expect, test } from "vitest";
import { exampleFile } from "./example-file.ts";
import { configFolder } from "./config-folder.ts";

test("every key of the documented example arrives in the settings", async () => {
  await using place = await configFolder();
  const { servers, gateway, source } = await place.settings(exampleFile);
  expect(source).toEqual({ file: `${place.folder}/toolgraph.yaml`, folder: place.folder, isDemo: false });
  expect(servers).toEqual([
    {
      id: "jira-daws",
      type: "jira",
      name: "Jira (DAWS)",
      isEnabled: true,
      authentication: {
        method: "oauth2",
        clientIdRef: "JIRA_CLIENT_ID",
        clientSecretRef: "vault:kv/jira#client_secret",
        tokenUrl: "https://auth.atlassian.com/oauth/token",
        scopes: ["read:jira-work"],
        refreshTokenRef: "JIRA_REFRESH_TOKEN",
      },
      baseUrl: "https://example.atlassian.net",
      config: { instanceUrl: "https://example.atlassian.net", apiVersion: "3" },
      toolMapping: { create_ticket: "create_issue" },
      defaultToolConfig: { create_issue: { project_key: "DAWS" } },
      toolOverrides: { delete_issue: { isEnabled: false }, get_issue_details: { effect: "read", cacheTtlMs: 5000 } },
      cacheTtlMs: 1000,
      retryPolicy: { maxAttempts: 4, backoffMs: 1500 },
      rateLimits: { requestsPerSecond: 5, burstLimit: 10, requestsPerMinute: 60, concurrentCalls: 7 },
      timeoutMs: 12_000,
      circuitBreaker: { errorThresholdPercentage: 60, resetTimeoutMs: 31_000, volumeThreshold: 6 },
      customParameters: { team: "platform" },
      metadata: { description: "Issues of DAWS", icon_url: "https://example.com/jira.png" },
    },
  ]);
  expect(gateway).toEqual({
    host: "127.0.0.1",
    port: 4100,
    auth: {
      apiKeys: [{ id: "agent-1", keyRef: "AGENT_1_KEY", roles: ["agent"] }],
      jwt: [
        {
          issuer: "https://idp",
          audience: "toolgraph",
          jwksUrl: "https://idp/jwks",
          algorithms: ["RS256"],
          rolesClaim: "groups",
        },
      ],
      authjs: { secretRefs: ["AUTH_SECRET"] },
      serviceAccounts: [{ clientId: "bot", clientSecretRef: "BOT_SECRET", roles: ["agent"] }],
      anonymous: true,
    },
    policies: [
      {
        roles: ["agent"],
        allow: [
          { servers: ["jira-*"], tools: ["search_*", "get_*"], effects: ["read"], arguments: { type: "object" } },
        ],
        deny: [{ tools: ["delete_*"] }],
      },
    ],
    limits: {
      bodyBytes: 2_097_152,
      queryCost: 5001,
      queryDepth: 13,
      queryTokens: 10_001,
      requestsPerSecond: 101,
      burstLimit: 201,
      concurrentCallsPerCaller: 51,
      resultBytes: 300_000,
      resultTokens: 9000,
    },
    state: "redis://cache:6379/2",
    logging: { level: "debug", redact: ["*.password"] },
    shutdown: { graceMs: 3000, timeoutMs: 26_000 },
    search: { embedder: { baseUrl: "https://embedder/v1", model: "small", apiKeyRef: "EMBEDDER_KEY" } },
    secrets: { default: "env", vault: { address: "https://vault", tokenRef: "VAULT_TOKEN" } },
  });
});

test("what a configuration leaves out has the documented defaults", async () => {
  await using place = await configFolder();
  const { servers, gateway } = await place.settings(
    "- { id: notes, type: mcp, server_specific_config: { command: npx } }",
  );
  expect(servers).toEqual([
    {
      id: "notes",
      type: "mcp",
      name: "notes",
      isEnabled: true,
      authentication: { method: "none" },
      config: { command: "npx", args: [], env: {}, headers: {} },
      toolMapping: {},
      defaultToolConfig: {},
      toolOverrides: {},
      retryPolicy: { maxAttempts: 3, backoffMs: 1000 },
      rateLimits: {},
      timeoutMs: 10_000,
      circuitBreaker: { errorThresholdPercentage: 50, resetTimeoutMs: 30_000, volumeThreshold: 5 },
      customParameters: {},
      metadata: {},
    },
  ]);
  expect(gateway).toEqual({
    host: "127.0.0.1",
    port: 4000,
    auth: { apiKeys: [], jwt: [], serviceAccounts: [], anonymous: false },
    policies: [],
    limits: {
      bodyBytes: 1_048_576,
      queryCost: 5000,
      queryDepth: 12,
      queryTokens: 10_000,
      requestsPerSecond: 100,
      burstLimit: 200,
      concurrentCallsPerCaller: 50,
      resultBytes: 262_144,
    },
    state: "memory",
    logging: { level: "info", redact: [] },
    shutdown: { graceMs: 2000, timeoutMs: 25_000 },
    secrets: { default: "env" },
  });
});

test("the file of --config wins over TOOLGRAPH_CONFIG, that over ./toolgraph.yaml, and that over the demo", async () => {
  await using place = await configFolder();
  const idOf = async (options: Parameters<typeof place.load>[0]) => {
    const loaded = await place.load({
      ...options,
      demo: () => ({ document: { servers: [{ id: "of-demo", type: "mcp" }] }, folder: "/demo" }),
    });
    return loaded.ok ? [loaded.settings.servers[0]?.id, loaded.settings.source.isDemo] : loaded.faults;
  };
  await place.write("a.json", `[{"id": "of-flag", "type": "mcp"}]`);
  await place.write("b.yaml", "servers: [{ id: of-env, type: mcp }]");
  expect(await idOf({})).toEqual(["of-demo", true]);
  await place.write("toolgraph.yaml", "servers: [{ id: of-folder, type: mcp }]");
  expect(await idOf({ env: { TOOLGRAPH_CONFIG: "" } })).toEqual(["of-folder", false]);
  expect(await idOf({ env: { TOOLGRAPH_CONFIG: "b.yaml" } })).toEqual(["of-env", false]);
  expect(await idOf({ env: { TOOLGRAPH_CONFIG: "b.yaml" }, file: "a.json" })).toEqual(["of-flag", false]);
});

test("a file that was named and does not exist is a fault, never the demo", async () => {
  await using place = await configFolder();
  const loaded = await place.load({ file: "gone.yaml" });
  expect(loaded).toEqual({
    ok: false,
    faults: [{ file: "gone.yaml", path: "", problem: "there is no such file", expected: expect.any(String) }],
    source: { file: `${place.folder}/gone.yaml`, folder: place.folder, isDemo: false },
  });
});

test("a faulty demo is told by its faults as a file is", async () => {
  await using place = await configFolder();
  const loaded = await place.load({ demo: () => ({ document: [{ id: "x", type: "mpc" }], folder: "/demo" }) });
  expect(loaded).toMatchObject({ ok: false, faults: [{ file: "bundled demo", path: "[0].type" }] });
});
