/** What a gateway still holds after a row, once nothing is configured and nobody is connected any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayProcess, Holdings } from "./start-gateway-process.ts";

/** Most that one row may add to the heap for good: outcomes of writes are kept for a day, caches fill up. */
const HEAP_BYTES = 3 * 1024 * 1024;
/** How long closing may take. An MCP child that ignores its closed input is killed after 2.5 s. */
const PATIENCE_MS = 6_000;

/** Waits for the process to hold no more than before, and tells what it holds beyond that when it does not get there. */
export async function leftBehind(
  gateway: GatewayProcess,
  before: Holdings,
): Promise<{ readonly left: string; readonly problems: string[] }> {
  const until = performance.now() + PATIENCE_MS;
  const defects: string[] = [];
  for (;;) {
    const now = await gateway.measure();
    defects.push(...now.defects);
    const children = gateway.children();
    const extra = Object.entries(now.resources).filter(([kind, count]) => count > (before.resources[kind] ?? 0));
    const heap = now.heapBytes - before.heapBytes;
    const isDone = extra.length === 0 && children.length === 0 && heap < HEAP_BYTES;
    if (!isDone && performance.now() < until) {
      await sleep(50);
      continue;
    }
    const problems = [
      ...extra.map(([kind, count]) => `leaked ${kind}: ${count}, before ${before.resources[kind] ?? 0}`),
      ...(children.length > 0 ? [`${children.length} child processes are left`] : []),
      ...(heap >= HEAP_BYTES ? [`the heap grew by ${(heap / 1024).toFixed(0)} KiB`] : []),
      ...defects.map((line) => `logged as a defect: ${line}`),
    ];
    return {
      left: `${extra.length + children.length}, heap ${heap < 0 ? "−" : "+"}${Math.abs(heap / 1024).toFixed(0)} KiB`,
      problems,
    };
  }
}
