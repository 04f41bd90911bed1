/** The real command in a process of its own, with its log read line by line. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { stringify } from "yaml";

export type LogLine = Record<string, unknown>;

export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves with the next line, or one that was written already, that fits. Rejects when the process ends first. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>;
  /** Its address, once it is ready. */
  readonly url: Promise<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  signal(name: NodeJS.Signals): void;
}

const CLI = resolve(import.meta.dirname, "../../src/cli.js");

/** @param node the Node to run it with; the one of the tests when absent */
export function startProcess(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string; readonly node?: string } = {},
): StartedProcess {
  const child = spawn(options.node ?? process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const lines: LogLine[] = [];
  const waiting = new Set<{ fits: (line: LogLine) => boolean; resolve: (line: LogLine) => void }>();
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on("line", (text) => {
    stdout += `${text}\n`;
    if (!text.startsWith("{")) return;
    const line = JSON.parse(text) as LogLine;
    lines.push(line);
    for (const each of waiting) {
      if (!each.fits(line)) continue;
      waiting.delete(each);
      each.resolve(line);
    }
  });
  const exited = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const logged = (fits: (line: LogLine) => boolean) => {
    const known = lines.find(fits);
    if (known) return Promise.resolve(known);
    const line = new Promise<LogLine>((resolve) => waiting.add({ fits, resolve }));
    const ended = exited.then((end) => {
      throw new Error(`the process ended without that line: ${JSON.stringify(end)}`);
    });
    return Promise.race([line, ended]);
  };
  const url = logged((line) => typeof line.address === "string").then(({ address }) => String(address));
  url.catch(() => {});
  return {
    pid: child.pid!,
    logged,
    url,
    exited,
    signal: (name) => void child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

export interface ConfigFile extends Disposable {
  readonly file: string;
  readonly folder: string;
  /** Replaces the file in one step, as deployments do. */
  write(content: unknown): void;
}

/** @example using config = configFile({ servers: [] }); */
export function configFile(content: unknown): ConfigFile {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-e2e-"));
  const file = join(folder, "toolgraph.yaml");
  const write = (next: unknown) => {
    writeFileSync(`${file}.new`, typeof next === "string" ? next : stringify(next));
    renameSync(`${file}.new`, file);
  };
  write(content);
  return { file, folder, write, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
