/** Starts one process of the benchmark and tells its address, its CPU time and its memory. */
import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Memory } from "./announce.ts";

export interface Measured extends AsyncDisposable {
  readonly url: string;
  /** CPU used so far by all threads of the process and of the processes it started, milliseconds (Linux). */
  cpuMs(): number;
}

/** A process of the benchmark itself. */
export interface Child extends Measured {
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

/** As `npm start` starts it. */
const GATEWAY_FLAGS = ["--max-semi-space-size=32"];

/** `file` is relative to this folder, or absolute. `BENCH_PROFILE` names a folder for its CPU profile. */
export async function startChild(file: string, { env = {}, cpu = MEASURED_CPU }: ChildOptions = {}): Promise<Child> {
  const profiles = process.env.BENCH_PROFILE;
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, NODE_ENV: "production", ...env },
    execArgv: [
      ...(file.endsWith("gateway.ts") ? GATEWAY_FLAGS : []),
      ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`]),
    ],
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

/** Starts somebody else's program for Node, and waits until it listens. */
export async function startProgram(program: string, args: readonly string[], port: number): Promise<Measured> {
  const child = spawn(process.execPath, [program, ...args], { stdio: "ignore" });
  pin(child.pid!, MEASURED_CPU);
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (tries === 200) {
      child.kill("SIGKILL");
      throw new Error("it does not listen");
    }
    await delay(100);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    cpuMs: () => treeCpuMs(child.pid!),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(timer);
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
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
