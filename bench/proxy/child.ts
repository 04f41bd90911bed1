/** Starts one process of the benchmark and tells its address, its CPU time and its memory. */
import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Memory } from "./announce.ts";

export interface Child extends AsyncDisposable {
  readonly url: string;
  /** CPU used so far by all threads of the process and of the processes it started, milliseconds (Linux). */
  cpuMs(): number;
  memory(): Promise<Memory>;
}

/** Where what is measured runs, and where what measures it: the generator's own work must not slow what it measures. */
export const MEASURED_CPU = 0;
export const MEASURING_CPU = 1;

/** Runs a process and what it starts on one CPU; without `taskset` the system decides. */
export function pin(pid: number, cpu: number): boolean {
  return availableParallelism() > 1 && spawnSync("taskset", ["-acp", String(cpu), String(pid)]).status === 0;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cpu?: number;
}

/** `file` is relative to this folder, or absolute. `BENCH_PROFILE` names a folder for its CPU profile. */
export async function startChild(file: string, { env = {}, cpu = MEASURED_CPU }: ChildOptions = {}): Promise<Child> {
  const profiles = process.env.BENCH_PROFILE;
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, NODE_ENV: "production", ...env },
    execArgv: profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  pin(child.pid!, cpu);
  const message = await Promise.race([
    once(child, "message").then(([announced]) => announced as { port: number }),
    once(child, "exit").then(() => undefined),
  ]);
  if (message === undefined) throw new Error(`${file} ended with code ${child.exitCode} before it served`);
  return {
    url: `http://127.0.0.1:${message.port}`,
    cpuMs: () => treeCpuMs(child.pid!),
    memory: async () => {
      child.send("memory");
      const [memory] = (await once(child, "message")) as [Memory];
      return memory;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

function treeCpuMs(pid: number): number {
  let nanoseconds = 0;
  let descendants = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    nanoseconds += Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
    for (const own of readFileSync(`${folder}/children`, "utf8").split(" ")) {
      if (own.trim() !== "") descendants += treeCpuMs(Number(own));
    }
  }
  return nanoseconds / 1e6 + descendants;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}
