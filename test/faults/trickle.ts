/** A steady trickle of calls to a healthy server, to see that another server's fault does not touch it. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Caller } from "./doors.ts";

export interface Flow {
  readonly calls: number;
  readonly failures: readonly string[];
  readonly p95Ms: number;
  /** The same of requests that went to the healthy server directly: what the machine and this process cost. */
  readonly controlP95Ms: number;
}

export const LEAST_CALLS = 10;
const EVERY_MS = 20;

/** @returns how to stop it: resolves once it had enough calls and its last one has ended */
export function startTrickle(caller: Caller, healthyUrl: string): () => Promise<Flow> {
  const tookMs: number[] = [];
  const controlMs: number[] = [];
  const failures: string[] = [];
  const agent = new Agent();
  const running = new Set<Promise<void>>();
  const stop = new AbortController();
  const one = async (tag: string): Promise<void> => {
    const startedAt = performance.now();
    try {
      const got = await caller.call("rest", { serverId: "healthy", namespace: "", effect: "read", tag });
      if (got.code !== "success") failures.push(`${got.code}: ${got.message}`);
    } catch (error) {
      failures.push(String(error));
    }
    tookMs.push(performance.now() - startedAt);
  };
  const control = async (tag: string): Promise<void> => {
    const startedAt = performance.now();
    await (await request(`${healthyUrl}/items/${tag}`, { dispatcher: agent })).body.dump();
    controlMs.push(performance.now() - startedAt);
  };
  const flowing = (async () => {
    for (let count = 0; !stop.signal.aborted || tookMs.length < LEAST_CALLS; count += 1) {
      for (const start of [one, control]) {
        const call = start(`drop-${count}`).finally(() => running.delete(call));
        running.add(call);
      }
      await sleep(EVERY_MS);
    }
  })();
  return async () => {
    stop.abort();
    await flowing;
    await Promise.all(running);
    await agent.close();
    return {
      calls: tookMs.length,
      failures,
      p95Ms: percentile(tookMs, 0.95),
      controlP95Ms: percentile(controlMs, 0.95),
    };
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
