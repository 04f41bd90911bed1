/** A process that runs out of file descriptors says so to its callers, blames no server for it, and recovers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import { describe, expect, test } from "vitest";
import { configFile, type LogLine } from "../e2e/start-process.ts";
import { startUpstream } from "../support/upstream.ts";

const CLI = resolve(import.meta.dirname, "../../src/cli.js");
const LIMIT = 96;

/** The gateway with a small number of descriptors, and how many of them it holds. */
async function startStarving(file: string, env: Record<string, string>) {
  const child = spawn(
    "/bin/sh",
    ["-c", `ulimit -n ${LIMIT}; exec "$0" "$@"`, process.execPath, CLI, "serve", "--config", file],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(child, "close");
  const address = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    if (!text.startsWith("{")) return;
    const line = JSON.parse(text) as LogLine;
    if (typeof line.address === "string") address.resolve(line.address);
  });
  void exited.then(() => address.reject(new Error("the process ended")));
  return {
    url: await address.promise,
    open: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

describe.skipIf(process.platform !== "linux")("with no file descriptor left (Linux: counts /proc/PID/fd)", () => {
  test("calls get a catalogue error, the server's circuit stays closed, and all is well when descriptors are back", async () => {
    await using upstream = await startUpstream(() => ({ json: { results: [] } }));
    using config = configFile({
      gateway: { port: 0, auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY" }] } },
      servers: [
        {
          id: "web",
          type: "web_search",
          base_url: upstream.url,
          server_specific_config: { provider: "searxng" },
          retry_policy: { max_attempts: 1 },
          circuit_breaker: { volume_threshold: 2 },
        },
      ],
    });
    await using toolgraph = await startStarving(config.file, { AGENT_KEY: "key-of-the-agent" });
    // One connection of the caller's own, opened while there still are descriptors.
    await using agent = disposable(new Agent({ connections: 1, keepAliveTimeout: 600_000 }));
    const ask = async (path: string, body?: unknown) => {
      const answer = await request(toolgraph.url + path, {
        dispatcher: agent.it,
        method: body === undefined ? "GET" : "POST",
        headers: { "x-api-key": "key-of-the-agent", "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      // oxlint-disable-next-line typescript/no-explicit-any -- the answers of several routes
      return { status: answer.statusCode, body: (await answer.body.json()) as any };
    };
    const search = (query: string) => ask("/api/v1/mcp/servers/web/tools/perform_search", { query });
    expect((await ask("/api/v1/mcp/health")).status).toBe(200);

    const sockets: Socket[] = [];
    const { port } = new URL(toolgraph.url);
    // The kernel completes connections that the process cannot accept: enough is when it holds all it may, and some wait.
    for (let waiting = 0; waiting < 5;) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      sockets.push(socket);
      await once(socket, "connect");
      if (toolgraph.open() >= LIMIT - 1) waiting += 1;
      expect(sockets.length).toBeLessThan(10 * LIMIT);
    }
    for (let call = 0; call < 4; call += 1) {
      const { status, body } = await search(`starving ${call}`);
      expect([status, body.error.code, body.error.message]).toEqual([
        502,
        "MCP_CONNECTION_ERROR",
        "The gateway has no free connection.",
      ]);
    }
    expect((await ask("/api/v1/mcp/health")).status).toBe(200);

    for (const socket of sockets) socket.destroy();
    await expect.poll(() => toolgraph.open()).toBeLessThan(LIMIT - 20);
    expect((await search("fed")).status).toBe(200);
    expect((await ask("/api/v1/mcp/servers/web")).body.health).toMatchObject({ circuit: "closed", recent_errors: [] });
    await using fresh = disposable(new Agent());
    const { statusCode, body } = await request(`${toolgraph.url}/api/v1/mcp/health`, { dispatcher: fresh.it });
    expect([statusCode, await body.json()]).toEqual([200, { status: "UP" }]);
  });
});

function disposable(agent: Agent) {
  return { it: agent, [Symbol.asyncDispose]: () => agent.destroy() };
}
