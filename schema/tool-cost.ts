/** What a call of a tool counts in the cost of an operation, where a plain field counts one. */
import type { Effect } from "../src/connector/tool.ts";

/** One that writes counts double: it is never served from memory, and its order is kept. */
export function toolCost(effect: Effect): number {
  return effect === "read" ? 10 : 20;
}
