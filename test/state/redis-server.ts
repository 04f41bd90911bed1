/** A real redis-server on a free port for one test file, which can be stopped for a while, killed and started empty again. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/free-port.ts";

export interface RedisServer extends AsyncDisposable {
  readonly address: string;
  /** It keeps its connections and answers nothing, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  /** Starts again on the same port, with nothing in it. */
  restart(): Promise<void>;
}

/** `undefined` where redis-server is not installed; an error where every test has to run. */
export function redisBinary(): string | undefined {
  try {
    return execFileSync("sh", ["-c", "command -v redis-server"], { encoding: "utf8" }).trim();
  } catch {
    if (process.env.TOOLGRAPH_REQUIRE_ALL === "1") throw new Error("redis-server is not installed");
    return undefined;
  }
}

export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const binary = redisBinary();
  if (binary === undefined) throw new Error("redis-server is not installed");
  const port = await freePort();
  let child = await run(binary, port, settings);
  return {
    address: `redis://127.0.0.1:${port}`,
    async pause() {
      child.kill("SIGSTOP");
      while (!isStopped(child)) await sleep(1);
    },
    async resume() {
      child.kill("SIGCONT");
    },
    kill: () => end(child),
    async restart() {
      await end(child);
      child = await run(binary, port, settings);
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function run(binary: string, port: number, settings: readonly string[]): Promise<ChildProcess> {
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", ...settings];
  const child = spawn(binary, options, { stdio: ["ignore", "pipe", "ignore"] });
  let log = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    log += String(chunk);
    if (log.includes("Ready to accept connections")) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`redis-server did not start: ${log}`);
}

/** A signal takes a moment. Where there is no /proc, nobody can tell. */
function isStopped({ pid }: ChildProcess): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.startsWith("T");
  } catch {
    return true;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export interface SlowRedis extends AsyncDisposable {
  readonly address: string;
  /** What comes back from Redis is held up for so long, milliseconds. */
  delayMs: number;
}

/** A way to a Redis that is far: answers take as long as the test says. */
export async function startSlowWay(redis: RedisServer): Promise<SlowRedis> {
  const { port } = new URL(redis.address);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on("data", (chunk) => void setTimeout(() => near.write(chunk), slow.delayMs));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const slow: SlowRedis = {
    address: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delayMs: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return slow;
}
