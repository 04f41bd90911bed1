/** A gateway process of the benchmark, with requests to it and readings of it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Reading } from "./gateway.ts";

export interface Measured extends AsyncDisposable {
  readonly buildMs: number;
  readonly build: Reading;
  read(collect?: boolean): Promise<Reading>;
  /** Mean time of one search, milliseconds. */
  searchMs(): Promise<number>;
  /** One GraphQL request; the answer's bytes as they came. */
  ask(query: string, caller?: number): Promise<{ status: number; bytes: Buffer; ms: number }>;
}

export async function startMeasured(env: Record<string, string>): Promise<Measured> {
  const child = fork(new URL("gateway.ts", import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const answer = async <T>(message?: string): Promise<T> => {
    if (message !== undefined) child.send(message);
    const [reply] = (await once(child, "message")) as [T];
    return reply;
  };
  const { url, buildMs, reading } = await answer<{ url: string; buildMs: number; reading: Reading }>();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    buildMs,
    build: reading,
    read: (collect = false) => answer<Reading>(collect ? "collect" : "read"),
    searchMs: () => answer<number>("search"),
    async ask(query, caller = 0) {
      const began = performance.now();
      const request = httpRequest(`${url}/graphql`, {
        agent,
        method: "POST",
        headers: {
          authorization: `Bearer key-${caller}-of-the-benchmark`,
          "content-type": "application/json",
          "accept-encoding": "gzip",
        },
      });
      request.end(JSON.stringify({ query }));
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const bytes = await buffer(response);
      return { status: response.statusCode ?? 0, bytes, ms: performance.now() - began };
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
