/** Prints the rows of the fault suite as they come, and at the end which of them fall short. */
import type { Row } from "./observe.ts";

export function printRow(row: Row): void {
  const { fault, door, got, slowestMs, sent, others, left, problems, skipped } = row;
  const verdict = skipped === undefined ? (problems.length === 0 ? "ok  " : "FAIL") : "skip";
  const head = `${verdict} ${fault.padEnd(36)}${door.padEnd(12)}`;
  const cells = [
    ...(slowestMs > 0 ? [`${Math.round(slowestMs)} ms`] : []),
    ...(sent === "" ? [] : [`sent ${sent}`]),
    got,
    ...(others === "" ? [] : [`others: ${others}`, `left: ${left}`]),
  ];
  console.log(`${head} ${skipped ?? cells.join("; ")}`);
  for (const problem of problems) console.log(`       ↳ ${problem}`);
}

export function printSummary(rows: readonly Row[]): void {
  const short = rows.filter(({ problems }) => problems.length > 0);
  const skipped = rows.filter(({ skipped }) => skipped !== undefined);
  console.log(
    `\n${rows.length} rows: ${rows.length - short.length - skipped.length} ok, ${short.length} fall short, ${skipped.length} skipped`,
  );
}

/** A row to be filled in by what is tried in another way than at the doors. */
export function emptyRow(fault: string): Row {
  return { fault, door: "", got: "", slowestMs: 0, sent: "", others: "", left: "", problems: [] };
}
