/**
 * `npm run bench -- [doors] [stdio] [latency] [layers] [replicas] [peers] [memory] [against]`: ratios to a floor, taken in one
 * interleaved run. Without a name: doors and stdio. `BENCH_ROUNDS` and `BENCH_SECONDS` set the length.
 */
import { MEASURING_CPU, pin } from "./child.ts";
import { against } from "./suites/against.ts";
import { doors } from "./suites/doors.ts";
import { latency } from "./suites/latency.ts";
import { layers } from "./suites/layers.ts";
import { memory } from "./suites/memory.ts";
import { peers } from "./suites/peers.ts";
import { replicas } from "./suites/replicas.ts";
import { stdio } from "./suites/stdio.ts";

const suites: Readonly<Record<string, () => Promise<void>>> = {
  doors,
  stdio,
  latency,
  layers,
  replicas,
  peers,
  memory,
  against,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}
const isPinned = pin(process.pid, MEASURING_CPU);
console.log(
  `Node ${process.version}; ${isPinned ? "what is measured on CPU 0, load and upstream on CPU 1" : "processes not pinned"}`,
);
for (const name of named.length > 0 ? named : ["doors", "stdio"]) await suites[name]!();
