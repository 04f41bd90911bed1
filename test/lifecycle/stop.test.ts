/** The real process on its way to the end: what balancers see, what callers get, what is left behind. */
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { configFile, startProcess, type StartedProcess } from "../e2e/start-process.ts";
import { fixtureProcesses } from "../support/mcp-processes.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const KEY = "key-of-the-agent";
const env = { AGENT_KEY: KEY };
const gateway = (shutdown: { grace_ms: number; timeout_ms: number }) => ({
  port: 0,
  auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY" }] },
  shutdown,
});

/** A search server whose answer to `wait` comes once the gate opens; `gone` resolves when such a request was given up. */
async function startSearch(): Promise<Upstream & { asked: Promise<void>; gone: Promise<void>; open(): void }> {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const upstream = await startUpstream(async ({ query }, response) => {
    if (query.get("q") === "wait") {
      response.once("close", () => gone.resolve());
      asked.resolve();
      await gate.promise;
    }
    return { json: { results: [] } };
  });
  return Object.assign(upstream, { asked: asked.promise, gone: gone.promise, open: () => gate.resolve() });
}

const web = (url: string) => ({
  id: "web",
  type: "web_search",
  base_url: url,
  server_specific_config: { provider: "searxng" },
});

function search(url: string, query: string): Promise<Response> {
  return fetch(`${url}/api/v1/mcp/servers/web/tools/perform_search`, {
    method: "POST",
    headers: { "x-api-key": KEY, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
}

async function stopping(toolgraph: StartedProcess): Promise<void> {
  toolgraph.signal("SIGTERM");
  await toolgraph.logged((line) => line.msg === "stopping");
}

describe("SIGTERM", () => {
  test("ready says 503 at once, while new connections are answered and told to close", async () => {
    await using upstream = await startSearch();
    using config = configFile({
      gateway: gateway({ grace_ms: 3_000, timeout_ms: 5_000 }),
      servers: [web(upstream.url)],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    await stopping(toolgraph);
    const ready = await fetch(`${url}/api/v1/mcp/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "DRAINING" }]);
    expect((await fetch(`${url}/api/v1/mcp/health`)).status).toBe(200);
    const late = await search(url, "late");
    expect([late.status, late.headers.get("connection")]).toEqual([200, "close"]);
    expect((await toolgraph.exited).code).toBe(0);
    await expect(fetch(`${url}/api/v1/mcp/ready`)).rejects.toThrow();
  });

  test("calls that do not finish within the bound are cut off, upstream too; the exit code says so; no child is left", async () => {
    await using upstream = await startSearch();
    using processes = fixtureProcesses();
    const child = {
      id: "child",
      type: "mcp",
      server_specific_config: processes.config("mcp-stdio-fixture", "immortal"),
    };
    using config = configFile({
      gateway: gateway({ grace_ms: 0, timeout_ms: 300 }),
      servers: [web(upstream.url), child],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    const inFlight = search(url, "wait").catch((error: unknown) => error);
    await upstream.asked;
    await stopping(toolgraph);
    await upstream.gone;
    expect(await inFlight).toBeInstanceOf(Error);
    expect((await toolgraph.exited).code).toBe(1);
    expect(processes.alive()).toEqual([]);
    upstream.open();
  });

  test("a second signal ends the process now, with the shell's code for it, and leaves no child", async () => {
    await using upstream = await startSearch();
    using processes = fixtureProcesses();
    const child = {
      id: "child",
      type: "mcp",
      server_specific_config: processes.config("mcp-stdio-fixture", "children"),
    };
    using config = configFile({
      gateway: gateway({ grace_ms: 60_000, timeout_ms: 600_000 }),
      servers: [web(upstream.url), child],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    const inFlight = search(url, "wait").catch((error: unknown) => error);
    await upstream.asked;
    expect(processes.alive()).toHaveLength(2);
    await stopping(toolgraph);
    toolgraph.signal("SIGTERM");
    expect((await toolgraph.exited).code).toBe(143);
    expect(await inFlight).toBeInstanceOf(Error);
    await expect.poll(() => processes.alive()).toEqual([]);
    upstream.open();
  });

  test("while it still waits for a server that does not open, it stops all the same", async () => {
    const asked = Promise.withResolvers<void>();
    await using silent = await startUpstream(() => asked.resolve());
    using config = configFile({
      gateway: gateway({ grace_ms: 0, timeout_ms: 1_000 }),
      servers: [{ id: "silent", type: "mcp", server_specific_config: { url: `${silent.url}/mcp` } }],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    await asked.promise;
    await stopping(toolgraph);
    expect((await toolgraph.exited).code).toBe(0);
  });
});

describe("a start with broken servers", () => {
  test("becomes ready with each of them DEGRADED and the whole ones at work", async () => {
    await using upstream = await startSearch();
    // Takes connections and says nothing.
    await using refusing = await startUpstream((_request, response) => void response.destroy());
    const broken = [
      {
        id: "no-secret",
        type: "jira",
        base_url: upstream.url,
        server_specific_config: { instanceUrl: "https://a.atlassian.net" },
        authentication: { method: "bearer_token", tokenRef: "TOKEN_THAT_IS_NOT_SET" },
      },
      { id: "no-process", type: "mcp", server_specific_config: { command: "/nowhere/at-all" } },
      { id: "no-server", type: "mcp", server_specific_config: { url: `${refusing.url}/mcp` } },
    ];
    using config = configFile({
      gateway: gateway({ grace_ms: 0, timeout_ms: 1_000 }),
      servers: [...broken, web(upstream.url)],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    expect((await fetch(`${url}/api/v1/mcp/ready`)).status).toBe(200);
    const listed = await fetch(`${url}/api/v1/mcp/servers`, { headers: { "x-api-key": KEY } });
    const { servers } = (await listed.json()) as { servers: { id: string; status: string; status_reason: string }[] };
    expect(servers.map(({ id, status }) => [id, status])).toEqual([
      ["no-secret", "DEGRADED"],
      ["no-process", "DEGRADED"],
      ["no-server", "DEGRADED"],
      ["web", "READY"],
    ]);
    expect(servers[0]!.status_reason).toContain("TOKEN_THAT_IS_NOT_SET");
    expect((await search(url, "quick")).status).toBe(200);
    toolgraph.signal("SIGINT");
    expect((await toolgraph.exited).code).toBe(0);
  });
});

describe("a connection that never asks anything", () => {
  test("does not hold up the end", async () => {
    using config = configFile({ gateway: gateway({ grace_ms: 0, timeout_ms: 600_000 }), servers: [] });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const { port } = new URL(await toolgraph.url);
    const idle = connect(Number(port), "127.0.0.1");
    await once(idle, "connect");
    toolgraph.signal("SIGTERM");
    const closed = once(idle, "close");
    expect((await toolgraph.exited).code).toBe(0);
    await closed;
  });
});
