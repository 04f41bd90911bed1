/** Runs Prism, a mock server made from an OpenAPI document, as a process of its own for one test file. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

export interface Prism extends AsyncDisposable {
  readonly url: string;
}

/** Resolves when Prism listens; takes about five seconds, so share it. */
export async function startPrism(document: string): Promise<Prism> {
  const cli = createRequire(import.meta.url).resolve("@stoplight/prism-cli");
  const child = spawn(process.execPath, [cli, "mock", "-h", "127.0.0.1", "-p", "0", document], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  try {
    return {
      url: await addressIn(child.stdout),
      async [Symbol.asyncDispose]() {
        child.kill();
        await exited;
      },
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    const address = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address === undefined) continue;
    output.resume();
    return address;
  }
  throw new Error("Prism ended before it listened.");
}
