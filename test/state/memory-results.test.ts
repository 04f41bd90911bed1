/** Results in memory stay within their bytes, and the least used go first. */
import { expect, test } from "vitest";
import { MemoryResults } from "../../src/state/memory-results.ts";

const KILOBYTE = "x".repeat(512);

test("only so many bytes are kept: what was not asked for longest goes first", () => {
  const results = new MemoryResults({ maxBytes: 4_200 });
  for (const key of ["1", "2", "3", "4"]) results.keep("s", key, "0", KILOBYTE, 60_000);
  results.lookup("s", "1");
  results.keep("s", "5", "0", KILOBYTE, 60_000);
  const found = ["1", "2", "3", "4", "5"].filter((key) => results.lookup("s", key).kept);
  expect(found).toEqual(["1", "3", "4", "5"]);
});

test("a result larger than all that may be kept pushes nothing out", () => {
  const results = new MemoryResults({ maxBytes: 2_000 });
  results.keep("s", "small", "0", 1, 60_000);
  results.keep("s", "large", "0", KILOBYTE.repeat(4), 60_000);
  expect(results.lookup("s", "large").kept).toBeUndefined();
  expect(results.lookup("s", "small").kept?.output).toBe(1);
});

test("a write to one server leaves the results of others", () => {
  const results = new MemoryResults();
  for (const server of ["a", "b"]) results.keep(server, server, "0", 1, 60_000);
  results.invalidate("a");
  expect(results.lookup("a", "a").kept).toBeUndefined();
  expect(results.lookup("b", "b").kept?.output).toBe(1);
});
