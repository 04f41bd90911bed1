/** How long the pipeline waits between tries and when it gives up, with chance and waiting in the test's hands. */
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import type { Tool } from "../../../src/connector/tool.ts";
import type { ServerSettings } from "../../../src/config/settings.ts";
import { CatalogueError, type CatalogueErrorOptions } from "../../../src/errors/catalogue-error.ts";
import type { Execution } from "../../../src/pipeline/execution.ts";
import { createRetry } from "../../../src/pipeline/stages/retry.ts";
import { RetryBudget } from "../../../src/registry/retry-budget.ts";
import { ServerBreaker } from "../../../src/registry/server-breaker.ts";

interface Tried {
  readonly attempts: number;
  readonly waits: readonly number[];
}

const settings = {
  id: "shop",
  timeoutMs: 600_000,
  retryPolicy: { maxAttempts: 5, backoffMs: 1_000 },
  circuitBreaker: { errorThresholdPercentage: 50, resetTimeoutMs: 30_000, volumeThreshold: 1 },
} as ServerSettings;

/** Runs a read that always fails, and tells how it was tried. */
async function tryRead(options: {
  random: () => number;
  failure?: CatalogueErrorOptions;
  deadlineAt?: number;
  effect?: Tool["effect"];
  budget?: RetryBudget;
  breaker?: ServerBreaker;
}): Promise<Tried> {
  const breaker = options.breaker ?? new ServerBreaker(settings, pino({ level: "silent" }));
  const runtime = { retryBudget: options.budget ?? new RetryBudget(), breaker };
  const execution = {
    startedAt: performance.now(),
    isAbandoned: false,
    isDetached: false,
    call: { deadlineAt: options.deadlineAt },
    target: () => ({ server: { settings, runtime }, tool: { effect: options.effect ?? "read" } }),
  } as unknown as Execution;
  let attempts = 0;
  const waits: number[] = [];
  const retry = createRetry({
    hear: () => {},
    random: options.random,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  const failing = retry(() => {
    attempts += 1;
    return Promise.reject(
      new CatalogueError("MCP_SERVER_ERROR", "Down.", { serverStatusCode: 503, ...options.failure }),
    );
  });
  await failing(execution).catch(() => {});
  breaker.close();
  return { attempts, waits };
}

/** The same numbers in every run, evenly spread (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("the retry stage", () => {
  test("waits anything from nothing to the doubled base, evenly: many callers do not come back together", async () => {
    const random = seeded(7);
    const byTry: number[][] = [[], [], [], []];
    for (let call = 0; call < 2_000; call += 1) {
      const { waits } = await tryRead({ random });
      for (const [index, wait] of waits.entries()) byTry[index]!.push(wait);
    }
    for (const [index, waits] of byTry.entries()) {
      const ceiling = 1_000 * 2 ** index;
      expect(waits).toHaveLength(2_000);
      expect(Math.max(...waits)).toBeLessThan(ceiling);
      for (let quarter = 0; quarter < 4; quarter += 1) {
        const share = waits.filter((wait) => Math.floor((wait / ceiling) * 4) === quarter).length / waits.length;
        expect(share).toBeGreaterThan(0.21);
        expect(share).toBeLessThan(0.29);
      }
    }
  });

  test("waits at least what Retry-After says, and still not all at the same moment", async () => {
    const { waits } = await tryRead({ random: () => 0.5, failure: { retryAfterMs: 7_000 } });
    expect(waits).toEqual([7_500, 8_000, 9_000, 11_000]);
  });

  test("begins no wait that does not fit into the time the caller gave", async () => {
    const tried = await tryRead({ random: () => 0.9, deadlineAt: performance.now() + 800 });
    expect(tried).toEqual({ attempts: 1, waits: [] });
  });

  test("begins no wait that does not fit into the server's time", async () => {
    const tried = await tryRead({ random: () => 0, failure: { retryAfterMs: 600_000 } });
    expect(tried).toEqual({ attempts: 1, waits: [] });
  });

  test("a write that may have happened is not tried again", async () => {
    expect((await tryRead({ random: () => 0, effect: "write" })).attempts).toBe(1);
    expect((await tryRead({ random: () => 0, effect: "write", failure: { acted: "no" } })).attempts).toBe(5);
  });

  test("in an outage the server gets a tenth more calls, not five times as many", async () => {
    const budget = new RetryBudget(() => 0);
    let attempts = 0;
    for (let call = 0; call < 500; call += 1) attempts += (await tryRead({ random: () => 0, budget })).attempts;
    expect(attempts).toBe(500 + 60);
  });

  test("stops trying once the circuit opened", async () => {
    const breaker = new ServerBreaker(settings, pino({ level: "silent" }));
    await breaker.fire(() => Promise.reject(new CatalogueError("MCP_SERVER_ERROR", "Down."))).catch(() => {});
    expect(breaker.state).toBe("open");
    expect((await tryRead({ random: () => 0, breaker })).attempts).toBe(1);
  });
});
