/** A peer: mcp-hub, whose REST route calls a tool of an MCP server on standard streams. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { announce } from "../announce.ts";
import { freePort } from "../free-port.ts";

interface Health {
  readonly servers: readonly { readonly status: string }[];
}

const folder = process.env.BENCH_PEERS!;
const own = join(folder, "own");
for (const name of ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]) process.env[name] = own;
// A fresh catalogue of its market: without one it would fetch that from the web first.
const cache = join(own, "mcp-hub/cache");
mkdirSync(cache, { recursive: true });
writeFileSync(
  join(cache, "registry.json"),
  JSON.stringify({ registry: { servers: [{ id: "none" }] }, lastFetchedAt: Date.now(), serverDocumentation: {} }),
);
const config = join(own, "servers.json");
const child = { command: process.execPath, args: [process.env.BENCH_MCP!] };
writeFileSync(config, JSON.stringify({ mcpServers: { child } }));

const port = await freePort();
const program = join(folder, "node_modules/mcp-hub/dist/cli.js");
process.argv.splice(1, Infinity, program, "--port", String(port), "--config", config);
await import(pathToFileURL(program).href);
for (let tries = 0; !(await isReady()); tries += 1) {
  if (tries === 200) throw new Error("its server is not connected after 20 seconds");
  await delay(100);
}
announce(port);

async function isReady(): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health`);
    const { servers } = (await response.json()) as Health;
    return servers.some(({ status }) => status === "connected");
  } catch {
    return false;
  }
}
