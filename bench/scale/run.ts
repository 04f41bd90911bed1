/**
 * `npm run bench:scale -- [sizes] [sources] [calls] [roles]`: what many tools and many callers cost. Without a name: all of them.
 * `BENCH_SIZES` names the numbers of tools; `BENCH_ROUNDS` and `BENCH_CALLS` set the length.
 */
import { MEASURING_CPU, pin } from "../proxy/child.ts";
import { callCost } from "./call-cost.ts";
import { roles } from "./roles.ts";
import { sizes } from "./sizes.ts";

const counts = (process.env.BENCH_SIZES ?? "100,1000,5000,10000").split(",").map(Number);
const suites: Readonly<Record<string, () => Promise<void>>> = {
  sizes: () => sizes(counts, false),
  sources: () => sizes(counts, true),
  calls: callCost,
  roles,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}
pin(process.pid, MEASURING_CPU);
for (const name of named.length > 0 ? named : Object.keys(suites)) await suites[name]!();
