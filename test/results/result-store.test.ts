/** The store of large results: its time, its bounds, and that no caller can push out the others. */
import { expect, it, vi } from "vitest";
import { ResultStore, type StoredResult } from "../../src/results/result-store.ts";

/** Without a shared shelf nothing has to be waited for. */
function keepIn(store: ResultStore, result: Parameters<ResultStore["keep"]>[0]): StoredResult {
  const kept = store.keep(result);
  if (kept === undefined || kept instanceof Promise) throw new Error("the result was not kept at once");
  return kept;
}

function findIn(store: ResultStore, id: string, owner: string): StoredResult | undefined {
  const found = store.find(id, owner);
  if (found === "unavailable" || found instanceof Promise) throw new Error("the result was not looked up at once");
  return found;
}

const result = (owner: string, bytes: number) => ({
  owner,
  serverId: "s",
  toolName: "t",
  json: Buffer.alloc(bytes, "x"),
});

it("finds a result for its owner only", () => {
  const store = new ResultStore();
  const kept = keepIn(store, result("me", 10));
  expect(findIn(store, kept.id, "me")?.json.byteLength).toBe(10);
  expect(findIn(store, kept.id, "you")).toBeUndefined();
  expect(findIn(store, "r_unknown", "me")).toBeUndefined();
});

it("forgets a result when its time is up, however often it was read", () => {
  vi.useFakeTimers({ toFake: ["performance", "Date", "setTimeout", "clearTimeout"] });
  try {
    const store = new ResultStore({ ttlMs: 1_000 });
    const kept = keepIn(store, result("me", 10));
    vi.advanceTimersByTime(900);
    expect(findIn(store, kept.id, "me")).toBeDefined();
    vi.advanceTimersByTime(200);
    expect(findIn(store, kept.id, "me")).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

it("makes room among the caller's own results first", () => {
  const store = new ResultStore({ maxBytes: 1_000, maxBytesPerCaller: 300 });
  const other = keepIn(store, result("other", 200));
  const mine = Array.from({ length: 10 }, () => keepIn(store, result("me", 100)));
  expect(findIn(store, other.id, "other")).toBeDefined();
  expect(mine.filter(({ id }) => findIn(store, id, "me")).map(({ id }) => id)).toEqual(
    mine.slice(-3).map(({ id }) => id),
  );
});

it("is bounded in bytes and number, and does not keep what is too large", () => {
  const store = new ResultStore({ maxBytes: 1_000, maxBytesPerCaller: 400, maxCount: 5 });
  expect(store.keep(result("me", 401))).toBeUndefined();
  const kept = Array.from({ length: 20 }, (_, index) => ({
    owner: `caller ${index}`,
    id: keepIn(store, result(`caller ${index}`, 300)).id,
  }));
  expect(kept.filter(({ id, owner }) => findIn(store, id, owner))).toHaveLength(3);
  const small = Array.from({ length: 20 }, (_, index) => ({
    owner: `small ${index}`,
    id: keepIn(store, result(`small ${index}`, 1)).id,
  }));
  expect(small.filter(({ id, owner }) => findIn(store, id, owner))).toHaveLength(5);
});

it("gives ids that cannot be guessed", () => {
  const store = new ResultStore();
  const ids = new Set(Array.from({ length: 100 }, () => keepIn(store, result("me", 1)).id));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^r_[\w-]{22}$/);
});
