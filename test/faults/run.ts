/** `npm run test:faults`: every fault at every door, as a table; a row that falls short fails the run with its reason. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisBinary, startRedis } from "../state/redis-server.ts";
import { DOORS } from "./doors.ts";
import { prove, type Trial } from "./exactly-once/prove.ts";
import { inMemory, withRedis } from "./exactly-once/trials.ts";
import { callerLeaves, circuitOpens, reloads } from "./happenings.ts";
import { httpFaults } from "./http-faults.ts";
import { mcpFaults } from "./mcp-faults.ts";
import { mcpHttpFaults } from "./mcp-http-faults.ts";
import { meetFault } from "./meet-fault.ts";
import { observe, type Happening, type Row, type Stage } from "./observe.ts";
import { redisFaults } from "./redis-faults.ts";
import { setStage } from "./stage.ts";
import { emptyRow, printRow, printSummary } from "./table.ts";
import { tlsFaults } from "./tls-faults.ts";

/** Most that all rows together may add to the heap for good: outcomes of writes are kept for a day. */
const HEAP_BYTES = 16 * 1024 * 1024;
/** Only what has this in its name. */
const only = process.argv[2] ?? "";
const rows: Row[] = [];
const keep = (row: Row) => {
  rows.push(row);
  printRow(row);
};

async function play(stage: Stage, happenings: readonly Happening[]): Promise<void> {
  console.log(`usual p95 of the healthy server: ${stage.baselineMs.toFixed(1)} ms`);
  const before = await stage.gateway.measure();
  for (const happening of happenings) {
    if (!happening.name.includes(only)) continue;
    for (const door of DOORS) keep(await observe(stage, happening, door));
  }
  const grown = (await stage.gateway.measure()).heapBytes - before.heapBytes;
  const got = `the gateway's heap grew by ${(grown / 1024).toFixed(0)} KiB over all of them`;
  keep({ ...emptyRow("rows above"), got, problems: grown > HEAP_BYTES ? [got] : [] });
}

async function trialRow(trial: Trial): Promise<Row> {
  if (!trial.name.includes(only)) return { ...emptyRow(trial.name), skipped: "not asked for" };
  const startedAt = performance.now();
  const { told, asked, kills, problems } = await prove(trial);
  const counts = Object.entries(told).map(([what, count]) => `${count} ${what}`);
  return {
    ...emptyRow(trial.name),
    got: `${trial.writes} writes: ${counts.join(", ")}; ${kills} kills; ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
    sent: String(asked),
    problems,
  };
}

function scratchFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "toolgraph-redis-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

{
  await using stage = await setStage({ calmMs: 2_000 });
  const faults = [...httpFaults, ...tlsFaults(stage.certificates), ...mcpFaults, ...mcpHttpFaults];
  await play(stage, [...faults.map(meetFault), reloads, callerLeaves, circuitOpens]);
}
keep(await trialRow(inMemory));
if (redisBinary() === undefined) keep({ ...emptyRow("Redis"), skipped: "redis-server is not installed" });
else {
  using folder = scratchFolder();
  await using redis = await startRedis(["--dir", folder.path, "--appendonly", "yes", "--appendfsync", "always"]);
  {
    await using stage = await setStage({ calmMs: 1_000, state: redis.address });
    await play(stage, redisFaults(redis).map(meetFault));
  }
  for (const trial of withRedis(redis)) keep(await trialRow(trial));
}
printSummary(rows);
process.exitCode = rows.some(({ problems }) => problems.length > 0) ? 1 : 0;
