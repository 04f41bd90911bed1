/** The demo as a newcomer starts it, in a process of its own, with its address and token read off the terminal. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import description from "../../package.json" with { type: "json" };
import { root } from "./documents.ts";

export interface DemoProcess extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
}

/**
 * Runs what `npm start` runs.
 *
 * @param folder an empty one: a configuration file in the working folder would be served in place of the demo
 */
export async function startDemo(folder: string): Promise<DemoProcess> {
  const [, ...words] = description.scripts.start.split(" ");
  const flags = words.filter((word) => word.startsWith("--"));
  const [program, command] = words.filter((word) => !word.startsWith("--"));
  const { TOOLGRAPH_CONFIG: _, ...env } = process.env;
  const child = spawn(process.execPath, [...flags, resolve(root, program!), command!, "--port", "0"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  return new Promise<DemoProcess>((resolve, reject) => {
    const onText = (text: Buffer) => {
      printed += text.toString("utf8");
      const found = /GraphiQL\s+(http:\/\/[^/]+)\/graphql#token=(\S+)/.exec(printed);
      if (found) resolve({ url: found[1]!, token: found[2]!, [Symbol.asyncDispose]: stop });
    };
    child.stdout.on("data", onText);
    child.stderr.on("data", onText);
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${printed}`)));
  });

  async function stop(): Promise<void> {
    if (child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGINT");
    await gone;
  }
}
