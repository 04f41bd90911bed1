/** Stories of one server's circuit breaker, on a clock of the test's own. */
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ServerSettings } from "../../src/config/settings.ts";
import type { ErrorCode } from "../../src/errors/catalogue.ts";
import { CatalogueError, type CatalogueErrorOptions } from "../../src/errors/catalogue-error.ts";
import { CALLER_GONE } from "../../src/registry/breaker-evidence.ts";
import { ServerBreaker } from "../../src/registry/server-breaker.ts";

const RESET_MS = 30_000;

function newBreaker(volumeThreshold = 4): ServerBreaker {
  const settings = {
    id: "shop",
    circuitBreaker: { errorThresholdPercentage: 50, resetTimeoutMs: RESET_MS, volumeThreshold },
  };
  return new ServerBreaker(settings as ServerSettings, pino({ level: "silent" }));
}

const succeed = () => Promise.resolve("fine");
const failWith =
  (code: ErrorCode, options: CatalogueErrorOptions = {}) =>
  () =>
    Promise.reject(new CatalogueError(code, "it said: token abc123", options));
const failed = failWith("MCP_SERVER_ERROR", { serverStatusCode: 503 });
const notFound = failWith("MCP_CLIENT_ERROR", { serverStatusCode: 404, status: 404 });
const left = failWith("MCP_CONNECTION_ERROR", { cause: CALLER_GONE });
const noSockets = failWith("MCP_CONNECTION_ERROR", {
  cause: Object.assign(new Error("connect EMFILE"), { code: "EMFILE" }),
});

async function codeOf(call: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as CatalogueError).code;
  }
}

async function times(count: number, breaker: ServerBreaker, call: () => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await codeOf(breaker.fire(call));
}

async function opened(): Promise<ServerBreaker> {
  const breaker = newBreaker();
  await times(4, breaker, failed);
  expect(breaker.state).toBe("open");
  return breaker;
}

async function halfOpened(): Promise<ServerBreaker> {
  const breaker = await opened();
  await vi.advanceTimersByTimeAsync(RESET_MS);
  expect(breaker.state).toBe("half_open");
  return breaker;
}

describe("a server's circuit breaker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("opens on failures, refuses without asking the server, and says how long is left", async () => {
    const breaker = await opened();
    await vi.advanceTimersByTimeAsync(10_000);
    const asked = vi.fn(succeed);
    const error = await breaker.fire(asked).catch((thrown: unknown) => thrown as CatalogueError);
    expect(asked).not.toHaveBeenCalled();
    expect(error).toMatchObject({ code: "MCP_CIRCUIT_OPEN", status: 503, retryAfterMs: 20_000, acted: "no" });
  });

  test("a stream of callers' faults neither opens it nor hides a dead server", async () => {
    const healthy = newBreaker();
    await times(1_000, healthy, notFound);
    await times(1_000, healthy, left);
    await times(1_000, healthy, noSockets);
    expect(healthy.state).toBe("closed");
    expect(healthy.recentErrors).toEqual([]);

    const dead = newBreaker();
    await times(1_000, dead, notFound);
    await times(4, dead, failed);
    expect(dead.state).toBe("open");
  });

  test("calls that are still running do not dilute the failures", async () => {
    const breaker = newBreaker();
    const running = Promise.withResolvers<string>();
    const calls = Array.from({ length: 100 }, () => breaker.fire(() => running.promise));
    await times(4, breaker, failed);
    expect(breaker.state).toBe("open");
    // They began before it opened: that they end well says nothing about the server now.
    running.resolve("late");
    await Promise.all(calls);
    expect(breaker.state).toBe("open");
  });

  test("successes do count: half of the calls may fail", async () => {
    const breaker = newBreaker();
    for (let index = 0; index < 20; index += 1) {
      await breaker.fire(succeed);
      await codeOf(breaker.fire(failed));
    }
    expect(breaker.state).toBe("closed");
  });

  test("successes count for ten seconds: what was well before that hides no failure", async () => {
    const breaker = newBreaker();
    await times(1_000, breaker, succeed);
    await vi.advanceTimersByTimeAsync(8_900);
    await times(20, breaker, failed);
    expect(breaker.state).toBe("closed");
    await vi.advanceTimersByTimeAsync(1_200);
    await times(4, breaker, failed);
    expect(breaker.state).toBe("open");
  });

  test("half-open lets exactly one call through; the others are refused and told to come back soon", async () => {
    const breaker = await halfOpened();
    const probe = Promise.withResolvers<string>();
    const first = breaker.fire(() => probe.promise);
    const others = await Promise.all(Array.from({ length: 20 }, () => codeOf(breaker.fire(succeed))));
    expect(new Set(others)).toEqual(new Set(["MCP_CIRCUIT_OPEN"]));
    probe.resolve("back again");
    expect(await first).toBe("back again");
    expect(breaker.state).toBe("closed");
    expect(await codeOf(breaker.fire(succeed))).toBeUndefined();
  });

  test("a probe that fails opens it again for the whole time", async () => {
    const breaker = await halfOpened();
    expect(await codeOf(breaker.fire(failed))).toBe("MCP_SERVER_ERROR");
    expect(breaker.state).toBe("open");
    expect(await breaker.fire(succeed).catch((error: unknown) => error)).toMatchObject({ retryAfterMs: RESET_MS });
  });

  test("a probe whose caller went away says nothing: the next call is the probe", async () => {
    const breaker = await halfOpened();
    expect(await codeOf(breaker.fire(left))).toBe("MCP_CONNECTION_ERROR");
    expect(breaker.state).toBe("half_open");
    expect(await codeOf(breaker.fire(succeed))).toBeUndefined();
    expect(breaker.state).toBe("closed");
  });

  test("a probe that the server refuses closes it: a server that says no is there again", async () => {
    const breaker = await halfOpened();
    expect(await codeOf(breaker.fire(notFound))).toBe("MCP_CLIENT_ERROR");
    expect(breaker.state).toBe("closed");
  });

  test("a wall clock that jumps a year either way changes neither the state nor the wait", async () => {
    const breaker = await opened();
    const year = 365 * 24 * 3_600_000;
    vi.setSystemTime(Date.now() - year);
    expect(await breaker.fire(succeed).catch((error: unknown) => error)).toMatchObject({ retryAfterMs: RESET_MS });
    vi.setSystemTime(Date.now() + 2 * year);
    expect(breaker.state).toBe("open");
    expect(await breaker.fire(succeed).catch((error: unknown) => error)).toMatchObject({ retryAfterMs: RESET_MS });
    await vi.advanceTimersByTimeAsync(RESET_MS);
    expect(breaker.state).toBe("half_open");
  });

  test("an operator's reset closes it and forgets what counted, so that one more failure does not open it", async () => {
    const breaker = await opened();
    breaker.reset();
    expect(breaker.state).toBe("closed");
    await times(3, breaker, failed);
    expect(breaker.state).toBe("closed");
    await times(1, breaker, failed);
    expect(breaker.state).toBe("open");
  });

  test("shows since when and the latest failures, in the gateway's own words", async () => {
    vi.setSystemTime("2026-05-01T10:00:00Z");
    const breaker = newBreaker(20);
    await times(12, breaker, failed);
    await times(1, breaker, failWith("MCP_CONNECTION_ERROR"));
    expect(breaker.recentErrors).toHaveLength(10);
    expect(breaker.recentErrors[0]).toMatchObject({ code: "MCP_CONNECTION_ERROR", at: "2026-05-01T10:00:00.000Z" });
    expect(breaker.recentErrors[1]).toMatchObject({ code: "MCP_SERVER_ERROR", message: "The server answered 503." });
    expect(JSON.stringify(breaker.recentErrors)).not.toContain("abc123");
    vi.setSystemTime("2026-05-01T11:00:00Z");
    await times(20, breaker, failed);
    expect(breaker.state).toBe("open");
    expect(breaker.since.toISOString()).toBe("2026-05-01T11:00:00.000Z");
  });

  test("a call that ends after the server was closed ends as it would have", async () => {
    const breaker = newBreaker();
    const running = Promise.withResolvers<string>();
    const call = breaker.fire(() => running.promise);
    breaker.close();
    running.resolve("done");
    expect(await call).toBe("done");
    expect(await codeOf(breaker.fire(failed))).toBe("MCP_SERVER_ERROR");
  });
});
