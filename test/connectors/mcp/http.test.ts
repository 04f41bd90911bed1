/** MCP servers over Streamable HTTP: both eras, credentials, lost sessions, restarts. */
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { apiKeyCredential, bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/index.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream } from "../../support/upstream.ts";
import { startMcpHttpFixture } from "../../support/mcp-http-fixture.ts";

for (const kind of ["session", "modern"] as const) {
  test(`a ${kind} server is listed, called, cancelled and reports progress and changes`, async () => {
    await using upstream = await startMcpHttpFixture(kind);
    const changed = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<void>();
    upstream.state.onHang = (event) => (event === "started" ? started : cancelled).resolve();
    await using server = await openServer(mcp, {
      config: { url: upstream.url },
      toolsChanged: () => changed.resolve(),
    });
    expect(server.tool("echo")).toMatchObject({ effect: "read", diagnostics: [] });
    expect(await server.run("echo", { message: "hello" })).toEqual({ text: "hello" });
    expect(await server.run("sum", { a: 1, b: 2 })).toEqual({ sum: 3 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => server.run("echo", { message: `m${index}` })),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, (_, index) => ({ text: `m${index}` })));
    const seen: unknown[] = [];
    await server.run("count", {}, { context: { reportProgress: ({ progress }) => seen.push(progress) } });
    expect(seen).toEqual([1, 2, 3]);
    const caller = new AbortController();
    const hanging = server.fail("hang", {}, { signal: caller.signal });
    await started.promise;
    caller.abort();
    expect(await hanging).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "unknown" });
    await cancelled.promise;
    await server.run("grow", { name: "fresh" });
    await changed.promise;
    expect(server.session.tools.map(({ name }) => name)).toContain("fresh");
  });

  test(`a ${kind} server gets the credential, the configured headers and the request id with each call`, async () => {
    await using upstream = await startMcpHttpFixture(kind);
    await using server = await openServer(mcp, {
      config: { url: upstream.url, headers: { "X-Team": "a" } },
      authorizer: bearerCredential(new Secret("t-1")),
    });
    await server.run("echo", { message: "hi" }, { context: { requestId: "r-77" } });
    for (const { headers } of upstream.requests) {
      expect(headers).toMatchObject({ authorization: "Bearer t-1", "x-team": "a", "user-agent": "toolgraph" });
    }
    expect(upstream.requests.filter(({ headers }) => headers["x-request-id"] === "r-77")).toHaveLength(1);
  });

  test(`a ${kind} server gets the trace of a call, and is asked for progress where somebody listens`, async () => {
    await using upstream = await startMcpHttpFixture(kind);
    await using server = await openServer(mcp, { config: { url: upstream.url } });
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    const { json: traced } = (await server.run("meta", {}, { context: { trace, hasListener: false } })) as {
      json: object;
    };
    expect(traced).toMatchObject(trace);
    expect(traced).not.toHaveProperty("progressToken");
    const { json: followed } = (await server.run("meta", {})) as { json: object };
    expect(followed).toHaveProperty("progressToken");
    expect(followed).not.toHaveProperty("traceparent");
  });

  test(`a ${kind} server that restarts is served again without losing its tools`, async () => {
    const statuses: string[] = [];
    const first = await startMcpHttpFixture(kind);
    await using server = await openServer(mcp, {
      config: { url: first.url },
      statusChanged: (status) => statuses.push(status),
    });
    const { tools } = server.session;
    await first[Symbol.asyncDispose]();
    expect(await server.fail("echo", { message: "nobody there" })).toMatchObject({
      code: "MCP_CONNECTION_ERROR",
      status: 502,
    });
    await expect.poll(() => statuses.at(-1), { timeout: 10_000 }).toBe("DEGRADED");
    await using _second = await startMcpHttpFixture(kind, { port: first.port });
    await expect.poll(() => statuses.at(-1), { timeout: 10_000 }).toBe("READY");
    expect(await server.run("echo", { message: "back" })).toEqual({ text: "back" });
    expect(server.session.tools).toBe(tools);
  });
}

test("an argument that the server routes by goes as a header too", async () => {
  await using upstream = await startMcpHttpFixture("modern");
  await using server = await openServer(mcp, { config: { url: upstream.url } });
  expect(await server.run("regional", { region: "eu-1" })).toEqual({ text: "eu-1" });
  expect(upstream.requests.at(-1)!.headers).toMatchObject({ "mcp-name": "regional", "mcp-param-region": "eu-1" });
});

test("a session that the server forgot is replaced within the call", async () => {
  await using upstream = await startMcpHttpFixture("session");
  await using server = await openServer(mcp, { config: { url: upstream.url } });
  upstream.forgetSessions();
  const answers = await Promise.all([1, 2, 3].map((n) => server.run("echo", { message: `no error seen ${n}` })));
  expect(answers).toEqual([1, 2, 3].map((n) => ({ text: `no error seen ${n}` })));
});

test("a call whose answer stream breaks fails at once, not at its time-out", async () => {
  await using upstream = await startMcpHttpFixture("modern");
  const started = Promise.withResolvers<void>();
  upstream.state.onHang = () => started.resolve();
  await using server = await openServer(mcp, { config: { url: upstream.url } });
  const hanging = server.fail("hang", {});
  await started.promise;
  upstream.dropConnections();
  expect(await hanging).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
});

test("a refused credential degrades the server at once, naming the reason", async () => {
  await using upstream = await startMcpHttpFixture("modern", {
    status: ({ authorization }) => (authorization === "Bearer right" ? undefined : 401),
  });
  const reasons: (string | undefined)[] = [];
  await using server = await openServer(mcp, {
    config: { url: upstream.url },
    authorizer: bearerCredential(new Secret("wrong")),
    statusChanged: (_, reason) => reasons.push(reason),
  });
  expect(server.session.tools).toEqual([]);
  expect(reasons[0]).toBe("The server refuses the gateway's credential (401).");
});

test("statuses during calls keep their meaning", async () => {
  let status: number | undefined;
  await using upstream = await startMcpHttpFixture("modern", { status: () => status });
  await using server = await openServer(mcp, { config: { url: upstream.url } });
  status = 401;
  expect(await server.fail("echo", { message: "" })).toMatchObject({ code: "MCP_AUTHENTICATION_FAILURE", status: 502 });
  status = 403;
  expect(await server.fail("echo", { message: "" })).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 403 });
  status = 429;
  expect(await server.fail("echo", { message: "" })).toMatchObject({
    code: "MCP_RATE_LIMIT_EXCEEDED",
    retryAfterMs: 3_000,
    acted: "no",
  });
  status = 503;
  expect(await server.fail("echo", { message: "" })).toMatchObject({
    code: "MCP_SERVER_ERROR",
    status: 502,
    serverStatusCode: 503,
    retryAfterMs: 3_000,
    acted: "unknown",
  });
});

test("an expired token is renewed and the call sent again", async () => {
  let valid = "old";
  await using upstream = await startMcpHttpFixture("modern", {
    status: ({ authorization }) => (authorization === `Bearer ${valid}` ? undefined : 401),
  });
  let token = "old";
  await using server = await openServer(mcp, {
    config: { url: upstream.url },
    authorizer: {
      method: "oauth2",
      credentialId: "c",
      headers: () => ({ authorization: `Bearer ${token}` }),
      refused: async () => {
        token = "new";
        return true;
      },
    },
  });
  valid = "new";
  expect(await server.run("echo", { message: "renewed" })).toEqual({ text: "renewed" });
});

test("an API key travels where the configuration says", async () => {
  await using upstream = await startMcpHttpFixture("modern");
  await using server = await openServer(mcp, {
    config: { url: upstream.url },
    authorizer: apiKeyCredential(new Secret("k-1"), { headerName: "X-Key" }),
  });
  await server.run("echo", { message: "" });
  expect(upstream.requests.every(({ headers }) => headers["x-key"] === "k-1")).toBe(true);
});

test("nobody listening there is degraded with a reason that names no address", async () => {
  const gone = await startMcpHttpFixture("modern");
  await gone[Symbol.asyncDispose]();
  const reasons: (string | undefined)[] = [];
  await using server = await openServer(mcp, {
    config: { url: gone.url },
    statusChanged: (_, reason) => reasons.push(reason),
  });
  expect(server.session.tools).toEqual([]);
  expect(reasons[0]).toBe("The server refuses connections.");
});

for (const [what, answer, reason] of [
  [
    "a web page",
    { headers: { "content-type": "text/html" }, text: "<h1>Hello</h1>" },
    "The server's answer is not what the protocol defines.",
  ],
  ["an address that does not exist", { status: 404, text: "no such page" }, "The server answered 404."],
  ["a server in trouble", { status: 500, text: "stack trace" }, "The server answered 500."],
] as const) {
  test(`${what} is degraded, and the status says why`, async () => {
    await using upstream = await startUpstream(() => answer);
    const reasons: (string | undefined)[] = [];
    await using server = await openServer(mcp, {
      config: { url: `${upstream.url}/mcp` },
      statusChanged: (_, why) => reasons.push(why),
    });
    expect(server.session.tools).toEqual([]);
    expect(reasons[0]).toBe(reason);
  });
}

test("an answer that is no JSON is said to be unreadable, not a broken connection", async () => {
  const initialized = {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "half", version: "1" },
  };
  await using upstream = await startUpstream(({ method, body }) => {
    if (method !== "POST") return { status: 405 };
    const { id, method: asked } = JSON.parse(body) as { id?: unknown; method: string };
    if (asked === "initialize") return { json: { jsonrpc: "2.0", id, result: initialized } };
    const tools = [{ name: "half", inputSchema: { type: "object" } }];
    if (asked === "tools/list") return { json: { jsonrpc: "2.0", id, result: { tools } } };
    if (asked === "tools/call") return { headers: { "content-type": "application/json" }, text: '{"jsonrpc": "2.0", ' };
    return { status: id === undefined ? 202 : 400 };
  });
  await using server = await openServer(mcp, { config: { url: `${upstream.url}/mcp` } });
  expect(await server.fail("half", {})).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
});
