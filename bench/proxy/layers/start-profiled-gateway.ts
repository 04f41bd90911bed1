/** Starts a gateway whose work can be taken apart, everything on. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { MEASURED_CPU, pin } from "../child.ts";
import type { Order, Span } from "./profiled-gateway.ts";

export interface ProfiledGateway extends AsyncDisposable {
  readonly url: string;
  /** Runs the work, and tells what the gateway did meanwhile. */
  during(order: "clock" | "profile", work: () => Promise<void>): Promise<Span>;
}

export async function startProfiledGateway(env: Readonly<Record<string, string>>): Promise<ProfiledGateway> {
  const child = fork(new URL("./profiled-gateway.ts", import.meta.url), {
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  pin(child.pid!, MEASURED_CPU);
  const answer = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [])]);
    if (message === undefined) throw new Error(`The profiled gateway ended with code ${child.exitCode}`);
    return message;
  };
  const tell = (order: Order) => {
    child.send(order);
    return answer();
  };
  const { port } = (await answer()) as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async during(order, work) {
      await tell(order);
      await work();
      return (await tell("stop")) as Span;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
