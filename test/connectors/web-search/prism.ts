/** Runs Prism, which answers as an OpenAPI description says and refuses what it does not allow. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { freePort } from "../../support/free-port.ts";

export interface Prism extends AsyncDisposable {
  readonly url: string;
}

/** Starts Prism on a free port of the loopback interface and waits until it listens. */
export async function startPrism(document: string): Promise<Prism> {
  const command = createRequire(import.meta.url).resolve("@stoplight/prism-cli");
  const port = await freePort();
  const child = spawn(process.execPath, [command, "mock", "-h", "127.0.0.1", "-p", String(port), document], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = once(child, "exit");
  let said = "";
  const listening = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes("Prism is listening")) listening.resolve();
    });
  }
  await Promise.race([
    listening.promise,
    gone.then(() => {
      throw new Error(`Prism ended before it listened: ${said}`);
    }),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await gone;
    },
  };
}
