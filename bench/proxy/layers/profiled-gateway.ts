/** The gateway under test, with a profiler and a clock of its CPU time that its parent starts and stops. */
import { Session } from "node:inspector/promises";
import { layerShares } from "./layer-shares.ts";

export type Order = "clock" | "profile" | "stop";

/** What the process did between an order to begin and one to stop. */
export interface Span {
  /** CPU of the thread that runs JavaScript, milliseconds. */
  readonly mainMs: number;
  /** CPU of all threads: those that collect garbage, compile, and write the log too. */
  readonly allMs: number;
  /** Of what the first thread did; only after `profile`. */
  readonly shares: Readonly<Record<string, number>>;
}

const INTERVAL_US = 250;

await import("../gateway.ts");
// The gateway answers any message with its memory.
process.removeAllListeners("message");
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });

let isProfiled = false;
let main = process.threadCpuUsage();
let all = process.cpuUsage();
process.on("message", (order: Order) => {
  void (order === "stop" ? stop() : begin(order)).then((answer) => process.send?.(answer));
});

async function begin(order: Order): Promise<null> {
  isProfiled = order === "profile";
  if (isProfiled) await session.post("Profiler.start");
  main = process.threadCpuUsage();
  all = process.cpuUsage();
  return null;
}

async function stop(): Promise<Span> {
  const [mainSpent, allSpent] = [process.threadCpuUsage(main), process.cpuUsage(all)];
  const shares = isProfiled ? layerShares((await session.post("Profiler.stop")).profile) : new Map<string, number>();
  return {
    mainMs: (mainSpent.user + mainSpent.system) / 1000,
    allMs: (allSpent.user + allSpent.system) / 1000,
    shares: Object.fromEntries(shares),
  };
}
