/** Writes an ADF table as a Markdown table. */
import type { LooseNode } from "./loose-node.ts";

/** @param cellText the Markdown of a cell's content, which may have several lines. */
export function tableToMarkdown(table: LooseNode, cellText: (cell: LooseNode) => string): string {
  const rows = table.content.filter((row) => row.content.length > 0);
  const [first, ...rest] = rows;
  if (!first) return "";
  const firstCells = first.content;
  // Markdown needs a header row; a table without one gets an empty one.
  const hasHeader = firstCells.every((cell) => cell.type === "tableHeader");
  const header = hasHeader ? firstCells.map((cell) => oneLine(cellText(cell))) : firstCells.map(() => "");
  const body = (hasHeader ? rest : rows).map((row) => row.content.map((cell) => oneLine(cellText(cell))));
  return [header, header.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\\?\n+/g, "<br>");
}
