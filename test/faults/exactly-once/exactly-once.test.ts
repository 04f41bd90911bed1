/** Writes happen once through hang-ups, time-outs, broken connections and reloads, in a real process; `npm run test:faults` kills it, too. */
import { expect, test } from "vitest";
import { prove } from "./prove.ts";
import { inMemory } from "./trials.ts";

test("each write was done once, or its client knows that nobody knows", async () => {
  const { told, problems } = await prove({ ...inMemory, writes: 60 });
  expect(problems).toEqual([]);
  expect(told.nothing).toBe(0);
});
