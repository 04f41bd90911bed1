/** What comes up during one turn of the event loop is done at its end. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { atTurnEnd } from "../src/at-turn-end.ts";

test("everything of one turn is done together, in its order; what comes up meanwhile waits for the next", async () => {
  const done: number[] = [];
  const later = atTurnEnd<number>((each) => {
    done.push(each);
    if (each === 1) later(3);
  });
  later(1);
  await Promise.resolve();
  later(2);
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual([1, 2]);
  await nextTurn();
  expect(done).toEqual([1, 2, 3]);
});
