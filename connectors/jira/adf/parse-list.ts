/** Bullet, numbered and task lists, read as forgivingly as language models write them. */
import { fenceOf, closesFence, indentOf, interruptsParagraph, isBlank, listMarkerOf } from "./line-kinds.ts";
import type { Fence, ListMarker } from "./line-kinds.ts";
import type { Found, MarkdownBlock, MarkdownListItem } from "./markdown-block.ts";

type ParseBlocks = (lines: readonly string[]) => readonly MarkdownBlock[];

/** The list that begins at a line, its items' content read by `parse`. */
export function list(lines: readonly string[], at: number, parse: ParseBlocks): Found {
  const first = listMarkerOf(lines[at]!);
  if (!first) return undefined;
  const items: MarkdownListItem[] = [];
  let next = at;
  for (let marker: ListMarker | undefined = first; marker?.type === first.type;) {
    const { own, end } = linesOfItem(lines, next, marker);
    items.push(itemOf(own, parse));
    next = end;
    const following = lines[next];
    marker = following === undefined ? undefined : listMarkerOf(following);
  }
  return { block: { kind: "list", items, ...(first.start !== undefined && { start: first.start }) }, next };
}

/** The lines of one item without its marker and indentation, and the index of the line after them. */
function linesOfItem(lines: readonly string[], at: number, marker: ListMarker): { own: string[]; end: number } {
  const own = [lines[at]!.slice(marker.offset)];
  let { offset } = marker;
  let fence = fenceOf(own[0]!);
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = lines[end]!;
    const indent = indentOf(line);
    if (isBlank(line)) {
      own.push("");
      continue;
    }
    // A nested list under "1. " indented by two is not CommonMark, but it is what is often written and always meant.
    if (indent < offset && indent >= marker.indent + 2 && listMarkerOf(line.trimStart())) offset = indent;
    if (indent >= offset) own.push(line.slice(offset));
    else if (!fence && own.at(-1) !== "" && !interruptsParagraph(line) && !listMarkerOf(line))
      own.push(line.trimStart());
    else break;
    fence = fenceAfter(fence, own.at(-1)!);
  }
  return { own, end };
}

function fenceAfter(open: Fence | undefined, line: string): Fence | undefined {
  if (open) return closesFence(line, open) ? undefined : open;
  return fenceOf(line);
}

function itemOf(own: readonly string[], parse: ParseBlocks): MarkdownListItem {
  const task = /^\[([ xX])\](?:[ \t]+|$)/.exec(own[0]!);
  if (!task) return { children: parse(own) };
  return { isDone: task[1] !== " ", children: parse([own[0]!.slice(task[0].length), ...own.slice(1)]) };
}
