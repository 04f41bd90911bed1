/** Runs the fixture server as a child process; the flags make it misbehave in one way each. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { fixtureServer, newState } from "./mcp-fixture-tools.ts";

const flags = new Set(process.argv.slice(2));
const pidFile = process.env.PID_FILE;
const remember = (pid: number) => pidFile !== undefined && appendFileSync(pidFile, `${pid}\n`);
remember(process.pid);

if (flags.has("die")) {
  process.stderr.write("cannot open the database\n");
  process.exit(7);
}
if (flags.has("immortal")) {
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1_000);
}
if (flags.has("children")) {
  const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], {
    stdio: "inherit",
  });
  remember(child.pid!);
}
if (flags.has("flood")) {
  for (let line = 0; line < 20_000; line += 1) {
    process.stderr.write(`line ${line} with token ${process.env.FIXTURE_TOKEN} ${"x".repeat(1_000)}\n`);
  }
}
if (flags.has("junk")) process.stdout.write("Server listening!\n{not json\n\n[]\n42\n");

const state = newState();
if (flags.has("legacy")) await fixtureServer(state).connect(new StdioServerTransport());
else serveStdio(() => fixtureServer(state), { legacy: flags.has("modern") ? "reject" : "serve" });
