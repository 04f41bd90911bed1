/** One real gateway process at a fixed port that is killed without warning and started again. */
import { startProcess, type StartedProcess } from "../../e2e/start-process.ts";
import { CLIENT_KEY } from "./insist.ts";

export interface Replica extends AsyncDisposable {
  readonly url: string;
  readonly kills: () => number;
  /** kill -9, and a new process in its place. */
  killAndRestart(): Promise<void>;
}

/** @param env the secrets that the configuration names */
export async function startReplica(
  configFile: string,
  port: number,
  env: Record<string, string> = { CLIENT_KEY, CHAT_TOKEN: "xoxb-of-the-tests" },
): Promise<Replica> {
  const start = async (): Promise<StartedProcess> => {
    const started = startProcess(["serve", "--config", configFile, "--port", String(port)], { env });
    await started.url;
    return started;
  };
  let running = await start();
  let kills = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    kills: () => kills,
    async killAndRestart() {
      kills += 1;
      await running[Symbol.asyncDispose]();
      running = await start();
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
