/** A real redis-server on a free port for one test file, which can be stopped for a while, killed and started empty again. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

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
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes("Ready to accept connections")) break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error("redis-server did not start");
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
