/** Reads the block structure of Markdown lines (CommonMark and GitHub's tables and tasks) in linear time. */
import {
  closesFence,
  fenceOf,
  headingOf,
  indentOf,
  interruptsParagraph,
  isBlank,
  isQuote,
  isRule,
} from "./line-kinds.ts";
import type { Found, MarkdownBlock } from "./markdown-block.ts";
import { list } from "./parse-list.ts";
import { isTable, table } from "./parse-table.ts";

/** Lists and quotes nested deeper are read as text: each level costs another pass over the lines. */
const MAX_DEPTH = 12;

/**
 * @example
 * parseBlocks(["# Title", "", "Text"]); // [{ kind: "heading", … }, { kind: "paragraph", text: "Text" }]
 */
export function parseBlocks(lines: readonly string[], depth = 0): MarkdownBlock[] {
  const parseInner = (inner: readonly string[]) => parseBlocks(inner, depth + 1);
  const blocks: MarkdownBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at]!)) {
      at += 1;
      continue;
    }
    const found =
      indentedCode(lines, at) ??
      fencedCode(lines, at) ??
      heading(lines, at) ??
      rule(lines, at) ??
      (depth < MAX_DEPTH ? (quote(lines, at, parseInner) ?? list(lines, at, parseInner)) : undefined) ??
      table(lines, at) ??
      paragraph(lines, at);
    blocks.push(found.block);
    at = found.next;
  }
  return blocks;
}

function heading(lines: readonly string[], at: number): Found {
  const found = headingOf(lines[at]!);
  return found && { block: { kind: "heading", ...found }, next: at + 1 };
}

function rule(lines: readonly string[], at: number): Found {
  return isRule(lines[at]!) ? { block: { kind: "rule" }, next: at + 1 } : undefined;
}

function fencedCode(lines: readonly string[], at: number): Found {
  const fence = fenceOf(lines[at]!);
  if (!fence) return undefined;
  const text: string[] = [];
  let next = at + 1;
  while (next < lines.length && !closesFence(lines[next]!, fence)) {
    const line = lines[next]!;
    text.push(line.slice(Math.min(fence.indent, indentOf(line))));
    next += 1;
  }
  const language = fence.info.split(/[\s{]/, 1)[0]!;
  return { block: { kind: "code", language, text: text.join("\n") }, next: next + 1 };
}

function indentedCode(lines: readonly string[], at: number): Found {
  let next = at;
  let last = at;
  while (next < lines.length && (indentOf(lines[next]!) >= 4 || isBlank(lines[next]!))) {
    if (!isBlank(lines[next]!)) last = next;
    next += 1;
  }
  if (next === at) return undefined;
  const text = lines.slice(at, last + 1).map((line) => line.slice(4));
  return { block: { kind: "code", language: "", text: text.join("\n") }, next: last + 1 };
}

function quote(lines: readonly string[], at: number, parse: typeof parseBlocks): Found {
  const own: string[] = [];
  let next = at;
  while (next < lines.length && (isQuote(lines[next]!) || isLazy(own, lines[next]!))) {
    own.push(lines[next]!.replace(/^ {0,3}> ?/, ""));
    next += 1;
  }
  return own.length === 0 ? undefined : { block: { kind: "quote", children: parse(own) }, next };
}

/** Does a line without `>` go on with the quoted paragraph before it? */
function isLazy(quoted: readonly string[], line: string): boolean {
  const before = quoted.at(-1);
  if (before === undefined || isBlank(before) || interruptsParagraph(line)) return false;
  return !interruptsParagraph(before) && indentOf(before) < 4;
}

function paragraph(lines: readonly string[], at: number): NonNullable<Found> {
  const text = [lines[at]!.trimStart()];
  let next = at + 1;
  for (; next < lines.length; next += 1) {
    const line = lines[next]!;
    // CommonMark takes a single one too, but that is rather an empty list item than a heading.
    const underline = /^ {0,3}(={2,}|-{2,})[ \t]*$/.exec(line);
    if (underline) {
      const level = underline[1]!.startsWith("=") ? 1 : 2;
      return { block: { kind: "heading", level, text: text.join(" ").trim() }, next: next + 1 };
    }
    if (interruptsParagraph(line) || isTable(lines, next)) break;
    text.push(line.trimStart());
  }
  return { block: { kind: "paragraph", text: text.join("\n").trimEnd() }, next };
}
