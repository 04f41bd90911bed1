/** Callers take turns, however many calls each of them has waiting. */
import { expect, test } from "vitest";
import { FairQueue } from "../../src/pipeline/fair-queue.ts";

test("one caller's hundred calls do not stand before another's two", () => {
  const queue = new FairQueue<string>();
  for (let index = 0; index < 100; index += 1) queue.push("alice", `a${index}`);
  for (const item of ["b0", "b1"]) queue.push("bob", item);
  expect(Array.from({ length: 6 }, () => queue.shift())).toEqual(["a0", "b0", "a1", "b1", "a2", "a3"]);
  expect(queue.size).toBe(96);
});

test("a call that leaves gives up its place and no other", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a0", "a1"]) queue.push("alice", item);
  queue.push("bob", "b0");
  queue.remove("alice", "a0");
  queue.remove("alice", "not there");
  queue.remove("carol", "a1");
  expect([queue.shift(), queue.shift(), queue.shift(), queue.size]).toEqual(["a1", "b0", undefined, 0]);
});
