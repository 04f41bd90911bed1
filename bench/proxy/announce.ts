/** The child's side of a benchmark process: tells its port, its memory when asked, and ends with its parent. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Memory {
  readonly rssMb: number;
  /** After a collection of garbage. */
  readonly heapMb: number;
}

/** To be called once the process serves. */
export function announce(port: number): void {
  // Ends by itself rather than by a signal, so that a profile is written.
  process.once("disconnect", () => process.exit());
  process.on("message", () => process.send?.(memory()));
  process.send?.({ port });
}

function memory(): Memory {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
}
