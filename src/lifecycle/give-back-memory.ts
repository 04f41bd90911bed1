/** Gives back the memory that only the start needed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Reading and indexing the lists of thousands of tools leaves more garbage than the process will ever hold again, and V8
 * keeps the pages for later. One full collection that shrinks the heap takes about a tenth of a second: before anybody is
 * served, that is nobody's time.
 */
export function giveBackMemory(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: {
    readonly type: "major";
    readonly flavor: "last-resort";
  }) => void;
  setFlagsFromString("--no-expose-gc");
  collect({ type: "major", flavor: "last-resort" });
}
