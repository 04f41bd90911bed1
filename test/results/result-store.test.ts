/** The store of large results: its time, its bounds, and that no caller can push out the others. */
import { expect, it, vi } from "vitest";
import { ResultStore } from "../../src/results/result-store.ts";

const result = (owner: string, bytes: number) => ({
  owner,
  serverId: "s",
  toolName: "t",
  json: Buffer.alloc(bytes, "x"),
});

it("finds a result for its owner only", () => {
  const store = new ResultStore();
  const kept = store.keep(result("me", 10))!;
  expect(store.find(kept.id, "me")?.json.byteLength).toBe(10);
  expect(store.find(kept.id, "you")).toBeUndefined();
  expect(store.find("r_unknown", "me")).toBeUndefined();
});

it("forgets a result when its time is up, however often it was read", () => {
  vi.useFakeTimers({ toFake: ["performance", "Date", "setTimeout", "clearTimeout"] });
  try {
    const store = new ResultStore({ ttlMs: 1_000 });
    const kept = store.keep(result("me", 10))!;
    vi.advanceTimersByTime(900);
    expect(store.find(kept.id, "me")).toBeDefined();
    vi.advanceTimersByTime(200);
    expect(store.find(kept.id, "me")).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

it("makes room among the caller's own results first", () => {
  const store = new ResultStore({ maxBytes: 1_000, maxBytesPerCaller: 300 });
  const other = store.keep(result("other", 200))!;
  const mine = Array.from({ length: 10 }, () => store.keep(result("me", 100))!);
  expect(store.find(other.id, "other")).toBeDefined();
  expect(mine.filter(({ id }) => store.find(id, "me")).map(({ id }) => id)).toEqual(mine.slice(-3).map(({ id }) => id));
});

it("is bounded in bytes and number, and does not keep what is too large", () => {
  const store = new ResultStore({ maxBytes: 1_000, maxBytesPerCaller: 400, maxCount: 5 });
  expect(store.keep(result("me", 401))).toBeUndefined();
  const kept = Array.from({ length: 20 }, (_, index) => ({
    owner: `caller ${index}`,
    id: store.keep(result(`caller ${index}`, 300))!.id,
  }));
  expect(kept.filter(({ id, owner }) => store.find(id, owner))).toHaveLength(3);
  const small = Array.from({ length: 20 }, (_, index) => ({
    owner: `small ${index}`,
    id: store.keep(result(`small ${index}`, 1))!.id,
  }));
  expect(small.filter(({ id, owner }) => store.find(id, owner))).toHaveLength(5);
});

it("gives ids that cannot be guessed", () => {
  const store = new ResultStore();
  const ids = new Set(Array.from({ length: 100 }, () => store.keep(result("me", 1))!.id));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^r_[\w-]{22}$/);
});
