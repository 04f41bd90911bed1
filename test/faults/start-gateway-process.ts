/** Starts the suite's gateway in a process of its own, configures it, and asks it what it holds. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** What the process holds after garbage was collected. */
export interface Holdings {
  /** Kind of `process.getActiveResourcesInfo()` → how many: sockets, timers, pipes, child processes. */
  readonly resources: Readonly<Record<string, number>>;
  readonly heapBytes: number;
  /** Log lines of level error since the last time. */
  readonly defects: readonly string[];
}

export type Order =
  | { readonly id: number; readonly kind: "apply"; readonly servers: readonly unknown[] }
  | { readonly id: number; readonly kind: "measure" }
  | { readonly id: number; readonly kind: "close" };

export interface Report {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  apply(servers: readonly unknown[]): Promise<void>;
  measure(): Promise<Holdings>;
  /** Process ids of its children and theirs. */
  children(): number[];
}

type Unnumbered = Order extends infer Each ? (Each extends Order ? Omit<Each, "id"> : never) : never;

/** `env` is added to the process's environment. */
export async function startGatewayProcess(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const child = fork(resolve(import.meta.dirname, "gateway-process.ts"), [], {
    execArgv: ["--expose-gc"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const waiting = new Map<number, (report: Report) => void>();
  const started = Promise.withResolvers<Report>();
  waiting.set(0, started.resolve);
  child.on("message", (report: Report) => {
    waiting.get(report.id)?.(report);
    waiting.delete(report.id);
  });
  child.once("exit", (code) => {
    started.reject(new Error(`the gateway process ended with ${code}`));
    for (const tell of waiting.values()) tell({ id: -1, error: `the gateway process ended with ${code}` });
  });
  let orders = 0;
  const order = (what: Unnumbered): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (orders += 1);
      waiting.set(id, ({ value, error }) => (error === undefined ? resolve(value) : reject(new Error(error))));
      child.send({ id, ...what });
    });
  const { value: url } = await started.promise;
  const pid = child.pid!;
  return {
    url: String(url),
    pid,
    apply: async (servers) => void (await order({ kind: "apply", servers })),
    measure: async () => (await order({ kind: "measure" })) as Holdings,
    children: () => descendants(pid),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      // Its own end disconnects before it can answer.
      order({ kind: "close" }).catch(() => {});
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    // It ended while it was looked at.
    return [];
  }
}
