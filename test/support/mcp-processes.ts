/** Follows the processes that an MCP fixture started, to see that none is left. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface FixtureProcesses extends Disposable {
  /** Scratch folder, gone with this object. */
  readonly folder: string;
  /** Configuration of an mcp server that runs the fixture and writes its process ids down. */
  config(
    fixture: "mcp-stdio-fixture" | "mcp-raw-fixture",
    ...flags: string[]
  ): {
    command: string;
    args: string[];
    env: Record<string, string>;
  };
  /** Every process id that was started, in order. */
  started(): number[];
  alive(): number[];
}

/** @example using processes = fixtureProcesses(); */
export function fixtureProcesses(): FixtureProcesses {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-mcp-"));
  const file = join(folder, "pids");
  const started = () =>
    existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(Number) : [];
  return {
    folder,
    config: (fixture, ...flags) => ({
      command: "node",
      args: [resolve(import.meta.dirname, `${fixture}.ts`), ...flags],
      env: { PID_FILE: file },
    }),
    started,
    alive: () => started().filter(isAlive),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A dead process that nobody has waited for yet still takes signals.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}
