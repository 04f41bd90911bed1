/** A gateway process of the benchmark, started as the published program is, with requests to it and readings of it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { MEASURED_CPU, pin } from "../proxy/child.ts";
import { buildGateway } from "./build-gateway.ts";
import type { Reading } from "./gateway.ts";

export interface Asked {
  readonly path?: string;
  readonly body: object;
  /** Which of the callers asks; the first when absent. */
  readonly caller?: number;
}

export interface Measured extends AsyncDisposable {
  readonly buildMs: number;
  readonly build: Reading;
  read(collect?: boolean): Promise<Reading>;
  /** Mean time of one search, milliseconds. */
  searchMs(): Promise<number>;
  /** One request; the answer's bytes as they came. */
  ask(asked: Asked): Promise<{ status: number; bytes: Buffer; ms: number }>;
  /** So many requests over 16 connections; gives the CPU time of one, microseconds, of all threads. */
  askMany(count: number, make: (index: number) => Asked): Promise<number>;
}

const CONNECTIONS = 16;

/** What `npm start` and the container hand to Node. */
const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly scripts: { readonly start: string };
};
const startFlags = scripts.start.split(" ").filter((word) => word.startsWith("--"));

let built: Promise<string> | undefined;

/** `fromSources` runs the TypeScript as it is, as `npm start` does. */
export async function startMeasured(env: Record<string, string>, fromSources = false): Promise<Measured> {
  const file = fromSources ? new URL("gateway.ts", import.meta.url) : await (built ??= buildGateway());
  const child = fork(file, {
    env: { ...process.env, ...env },
    execArgv: ["--expose-gc", ...startFlags],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  pin(child.pid!, MEASURED_CPU);
  const answer = async <T>(message?: string): Promise<T> => {
    if (message !== undefined) child.send(message);
    const [reply] = (await once(child, "message")) as [T];
    return reply;
  };
  const { url, buildMs, reading } = await answer<{ url: string; buildMs: number; reading: Reading }>();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const read = (collect = false) => answer<Reading>(collect ? "collect" : "read");
  const ask: Measured["ask"] = async ({ path = "/graphql", body, caller = 0 }) => {
    const began = performance.now();
    const request = httpRequest(url + path, {
      agent,
      method: "POST",
      headers: {
        authorization: `Bearer key-${caller}-of-the-benchmark`,
        "content-type": "application/json",
        "accept-encoding": "gzip",
      },
    });
    request.end(JSON.stringify(body));
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const bytes = await buffer(response);
    return { status: response.statusCode ?? 0, bytes, ms: performance.now() - began };
  };
  return {
    buildMs,
    build: reading,
    read,
    searchMs: () => answer<number>("search"),
    ask,
    async askMany(count, make) {
      const before = await read();
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < count) {
          const { status, bytes } = await ask(make(next++));
          if (status !== 200) throw new Error(`${status} ${bytes.toString("utf8").slice(0, 400)}`);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      return (((await read()).cpuMs - before.cpuMs) * 1000) / count;
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** A request that has to succeed. */
export async function expectOk(gateway: Measured, asked: Asked): ReturnType<Measured["ask"]> {
  const answer = await gateway.ask(asked);
  const text = answer.bytes[0] === 0x1f ? "" : answer.bytes.toString("utf8");
  if (answer.status !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 400));
  return answer;
}
