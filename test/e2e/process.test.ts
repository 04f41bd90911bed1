/** The real process: it follows its configuration and stops in good order. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixtureProcesses } from "../support/mcp-processes.ts";
import type { RestBody } from "../support/start-gateway.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { configFile, startProcess } from "./start-process.ts";

const KEY = "key-of-the-agent";
const gateway = { port: 0, auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY" }] } };
const env = { AGENT_KEY: KEY };

/** A search server that answers at once, or once `open` is called for the query `wait`. */
async function startSearch(): Promise<Upstream & { readonly asked: Promise<void>; open(): void }> {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const upstream = await startUpstream(async ({ query }) => {
    if (query.get("q") === "wait") {
      asked.resolve();
      await gate.promise;
    }
    return { json: { results: [{ title: "Found", url: "https://found.example/", content: "It." }] } };
  });
  return Object.assign(upstream, { asked: asked.promise, open: () => gate.resolve() });
}

const search = (id: string, url: string, more: Record<string, unknown> = {}) => ({
  id,
  type: "web_search",
  base_url: url,
  server_specific_config: { provider: "searxng" },
  ...more,
});

async function ask(url: string, path: string, body?: unknown): Promise<{ status: number; body: RestBody }> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-api-key": KEY, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const run = (url: string, server_id: string, query: string) =>
  ask(url, "/api/v1/mcp/chat", { server_id, tool_name: "perform_search", tool_input: { query } });

async function statuses(url: string): Promise<Record<string, string>> {
  const { body } = await ask(url, "/api/v1/mcp/servers");
  return Object.fromEntries((body.servers as { id: string; status: string }[]).map(({ id, status }) => [id, status]));
}

describe("a changed configuration", () => {
  test("is taken over: a new server appears, a call in flight on a removed one finishes, a broken file changes nothing", async () => {
    await using upstream = await startSearch();
    using config = configFile({ gateway, servers: [search("old", upstream.url)] });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    const inFlight = run(url, "old", "wait");
    await upstream.asked;

    const needy = {
      id: "needy",
      type: "jira",
      base_url: upstream.url,
      server_specific_config: { instanceUrl: "https://a.atlassian.net" },
      authentication: { method: "bearer_token", tokenRef: "JIRA_TOKEN_THAT_IS_NOT_SET" },
    };
    config.write({ gateway, servers: [search("new", upstream.url), needy] });
    await toolgraph.logged((line) => line.msg === "configuration applied");
    expect(await statuses(url)).toEqual({ new: "READY", needy: "DEGRADED" });
    const { body: described } = await ask(url, "/api/v1/mcp/servers/needy");
    expect(described.status_reason).toMatch(/JIRA_TOKEN_THAT_IS_NOT_SET/);
    expect((await run(url, "new", "quick")).body.status).toBe("success");
    expect((await run(url, "old", "quick")).body.error.code).toBe("ROUTING_ERROR");
    upstream.open();
    expect((await inFlight).body).toMatchObject({ status: "success", server_id: "old" });

    config.write("servers: [{ id: 'new', type: web_serch }]\n");
    const rejected = await toolgraph.logged((line) => String(line.msg).startsWith("configuration rejected"));
    expect(rejected).toMatchObject({ level: "error", audit: true, path: "servers[0].type" });
    expect(await statuses(url)).toEqual({ new: "READY", needy: "DEGRADED" });

    config.write("servers: [\n");
    await toolgraph.logged(
      (line) => String(line.msg).startsWith("configuration rejected") && line.path !== "servers[0].type",
    );
    expect((await run(url, "new", "quick")).body.status).toBe("success");

    toolgraph.signal("SIGTERM");
    const { code, stdout, stderr } = await toolgraph.exited;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain(KEY);
    // A key given twice is lost when the line is read: then it is shorter than it was.
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    expect(lines.filter((line) => JSON.stringify(JSON.parse(line)).length < line.length)).toEqual([]);
  });
});

describe("SIGTERM", () => {
  test("lets the call in flight finish, ends with 0 and leaves no child process", async () => {
    await using upstream = await startSearch();
    using processes = fixtureProcesses();
    using config = configFile({
      gateway,
      servers: [
        search("web", upstream.url),
        { id: "child", type: "mcp", server_specific_config: processes.config("mcp-stdio-fixture", "children") },
      ],
    });
    await using toolgraph = startProcess(["serve", "--config", config.file], { env });
    const url = await toolgraph.url;
    expect(await statuses(url)).toEqual({ web: "READY", child: "READY" });
    expect(processes.alive()).toHaveLength(2);
    const inFlight = run(url, "web", "wait");
    await upstream.asked;
    toolgraph.signal("SIGTERM");
    await toolgraph.logged((line) => line.msg === "stopping");
    expect((await ask(url, "/api/v1/mcp/ready")).status).toBe(503);
    upstream.open();
    expect((await inFlight).body.status).toBe("success");
    // The caller's connection stays open; it must not hold up the end: cut off in the end, it would make the code 1.
    expect((await toolgraph.exited).code).toBe(0);
    expect(processes.alive()).toEqual([]);
  });

  test("a terminal's Ctrl-C does the same to the demo, which leaves nothing behind", async () => {
    using scratch = configFile("");
    const cwd = join(scratch.folder, "empty");
    mkdirSync(cwd);
    await using toolgraph = startProcess(["--port", "0"], { cwd, env: { TMPDIR: cwd } });
    const url = await toolgraph.url;
    expect((await fetch(`${url}/api/v1/mcp/ready`)).status).toBe(200);
    toolgraph.signal("SIGINT");
    const { code, stdout } = await toolgraph.exited;
    expect(code).toBe(0);
    expect(stdout).toMatch(/curl -s http:\/\/127\.0\.0\.1:\d+\/graphql/);
    // Node keeps its compile cache there, on purpose, for the next start.
    expect(readdirSync(cwd).filter((name) => name !== "node-compile-cache")).toEqual([]);
  });
});
