/** The ways in which an MCP server's process can fail under the gateway that started it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MAX_ATTEMPTS, mayHaveActed, neverActed, TIMEOUT_MS, type Fault, type OpenedFault } from "./fault.ts";

/** Calls of one row meet the fault at once or, after it, a process that is just started anew: not all of them get in. */
const PERHAPS: readonly [number, number] = [0, MAX_ATTEMPTS];
const ONCE: readonly [number, number] = [1, 1];

const works = neverActed({ code: "success", status: 200, retryable: false, sent: ONCE });
const hangs = mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 504, retryable: true, sent: ONCE });
/** The first call that it reads is the last one. */
const stopped: Pick<Fault, "read" | "write"> = {
  read: { ...hangs.read, sent: [0, 1] },
  write: { ...hangs.write, sent: [0, 1] },
};
const dies: Pick<Fault, "read" | "write"> = {
  read: { code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, isUnknown: false, sent: PERHAPS },
  // Those that were never sent may be repeated, the others not.
  write: { code: "MCP_CONNECTION_ERROR", status: 502, retryable: "if not unknown", isUnknown: "if sent", sent: [0, 1] },
};

export const mcpFaults: readonly Fault[] = [
  { name: "MCP child killed mid-call", ...dies, open: child("is-killed") },
  { name: "MCP child exits mid-call", ...dies, open: child("exits") },
  { name: "MCP child dies within its answer", ...dies, open: child("dies-within-answer") },
  { name: "MCP child hangs", ...hangs, open: child("hangs") },
  // Killed and started again after ten seconds of silence.
  { name: "MCP child stopped (SIGSTOP)", ...stopped, recoversWithinMs: 15_000, open: child("is-stopped") },
  { name: "MCP child closes its output", ...stopped, recoversWithinMs: 15_000, open: child("closes-output") },
  { name: "MCP child floods stderr", ...works, open: child("floods") },
  { name: "MCP child writes junk", ...works, open: child("writes-junk") },
  {
    name: "MCP child dies at start",
    ...neverActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: [0, 0] }),
    hidesFields: true,
    open: child("dies"),
  },
];

function child(mode: string): () => Promise<OpenedFault> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "toolgraph-faults-"));
    const journal = join(folder, "calls");
    return {
      server: {
        type: "mcp",
        timeout_ms: TIMEOUT_MS,
        retry_policy: { max_attempts: MAX_ATTEMPTS, backoff_ms: 20 },
        circuit_breaker: { volume_threshold: 100_000 },
        server_specific_config: {
          command: "node",
          args: [resolve(import.meta.dirname, "faulty-mcp-child.ts"), mode, journal],
        },
      },
      seen: (tag) =>
        existsSync(journal)
          ? readFileSync(journal, "utf8")
              .split("\n")
              .filter((line) => line === tag).length
          : 0,
      connections: () => 0,
      heal: () => writeFileSync(`${journal}.healed`, ""),
      [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
    };
  };
}
