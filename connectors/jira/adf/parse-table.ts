/** Tables of GitHub Flavored Markdown (https://github.github.com/gfm/#tables-extension-). */
import { interruptsParagraph } from "./line-kinds.ts";
import type { Found } from "./markdown-block.ts";

const MAX_COLUMNS = 64;
/** Rows are filled up to the header's width, so that a short text could make a huge table. */
const MAX_CELLS = 4_000;

/** Does a table begin here: a row with pipes, and under it the row of dashes with as many columns? */
export function isTable(lines: readonly string[], at: number): boolean {
  const delimiter = lines[at + 1];
  if (!lines[at]!.includes("|") || delimiter === undefined || !/^[ \t|:-]+$/.test(delimiter)) return false;
  const columns = cellsOf(delimiter);
  return (
    columns.length <= MAX_COLUMNS &&
    columns.every((cell) => /^:?-+:?$/.test(cell)) &&
    columns.length === cellsOf(lines[at]!).length
  );
}

export function table(lines: readonly string[], at: number): Found {
  if (!isTable(lines, at)) return undefined;
  const header = cellsOf(lines[at]!);
  const rows = [header];
  let next = at + 2;
  while (next < lines.length && !interruptsParagraph(lines[next]!) && rows.length * header.length < MAX_CELLS) {
    const cells = cellsOf(lines[next]!);
    rows.push(header.map((_, column) => cells[column] ?? ""));
    next += 1;
  }
  return { block: { kind: "table", rows }, next };
}

/** Splits a row at its pipes; `\|` is a pipe of the text. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = "";
  const row = line.trim();
  for (let at = row.startsWith("|") ? 1 : 0; at < row.length; at += 1) {
    const character = row[at]!;
    if (character === "\\" && at + 1 < row.length) {
      at += 1;
      cell += row[at] === "|" ? "|" : `\\${row[at]}`;
    } else if (character === "|") {
      cells.push(cell.trim());
      cell = "";
      if (at === row.length - 1) return cells;
    } else {
      cell += character;
    }
  }
  cells.push(cell.trim());
  return cells;
}
