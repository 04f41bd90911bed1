/** What only the start needed is given back before anybody is served. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { giveBackMemory } from "../../src/lifecycle/give-back-memory.ts";

test("what nobody holds any more is gone, and nobody else got a way to collect", async () => {
  const dropped = new WeakRef(Array.from({ length: 1000 }, () => ({})));
  // A reference that was just made holds its target until the turn ends.
  await nextTurn();
  giveBackMemory();
  expect(dropped.deref()).toBeUndefined();
  expect(globalThis.gc).toBeUndefined();
});
