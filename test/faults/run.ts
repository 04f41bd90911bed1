/** `npm run test:faults`: every fault at every door, as a table; a row that falls short fails the run with its reason. */
import { DOORS } from "./doors.ts";
import { httpFaults } from "./http-faults.ts";
import { mcpFaults } from "./mcp-faults.ts";
import { runRow, type Row } from "./run-row.ts";
import { setStage } from "./stage.ts";
import { printRow, printSummary } from "./table.ts";
import { tlsFaults } from "./tls-faults.ts";

const rows: Row[] = [];
const keep = (row: Row) => {
  rows.push(row);
  printRow(row);
};
const only = process.argv[2] ?? "";

await using stage = await setStage({ calmMs: 2_000 });
console.log(`usual p95 of the healthy server: ${stage.baselineMs.toFixed(1)} ms\n`);
for (const fault of [...httpFaults, ...tlsFaults(stage.certificates), ...mcpFaults]) {
  if (!fault.name.includes(only)) continue;
  for (const door of DOORS) keep(await runRow(stage, fault, door));
}
printSummary(rows);
process.exitCode = rows.some(({ problems }) => problems.length > 0) ? 1 : 0;
