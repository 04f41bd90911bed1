/** Prints the rows of the fault suite as they come, and at the end which of them fall short. */
import type { Row } from "./run-row.ts";

export function printRow(row: Row): void {
  const { fault, door, got, slowestMs, sent, others, left, problems, skipped } = row;
  const verdict = skipped === undefined ? (problems.length === 0 ? "ok  " : "FAIL") : "skip";
  const head = `${verdict} ${fault.padEnd(28)} ${door.padEnd(12)}`;
  if (skipped !== undefined) return console.log(`${head} ${skipped}`);
  console.log(
    `${head} ${String(Math.round(slowestMs)).padStart(5)} ms  sent ${sent.padEnd(9)} ${got}; others: ${others}; left: ${left}`,
  );
  for (const problem of problems) console.log(`       ↳ ${problem}`);
}

export function printSummary(rows: readonly Row[]): void {
  const short = rows.filter(({ problems }) => problems.length > 0);
  const skipped = rows.filter(({ skipped }) => skipped !== undefined);
  console.log(
    `\n${rows.length} rows: ${rows.length - short.length - skipped.length} ok, ${short.length} fall short, ${skipped.length} skipped`,
  );
}
