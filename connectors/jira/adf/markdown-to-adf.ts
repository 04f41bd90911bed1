/** Converts Markdown to an Atlassian document that Jira accepts, whatever the Markdown. */
import { randomUUID } from "node:crypto";
import type { AdfDocument, AdfMark, AdfNode } from "./adf-node.ts";
import type { MarkdownBlock, MarkdownList, MarkdownListItem } from "./markdown-block.ts";
import { parseBlocks } from "./parse-blocks.ts";
import { panelTypeOf } from "./alerts.ts";
import { parseInline } from "./parse-inline.ts";

/** What a block stands in decides what it may be: quotes and list items hold far less than a document. */
type Place = "document" | "quote" | "item";

const STRONG: AdfMark = { type: "strong" };
const CODE: AdfMark = { type: "code" };
const HARD_BREAK: AdfNode = { type: "hardBreak" };

/**
 * Takes CommonMark with GitHub's tables, task lists, alerts, strike-through and bare addresses, and `[~accountid:…]` for
 * mentions.
 * HTML (but `<br>`) and reference links stay as text; images become links. What ADF does not allow in a place takes the
 * nearest form it allows: a heading in a list item becomes strong text, a table in a quote lines of text.
 * Never fails; the time taken grows linearly with the text.
 *
 * @example
 * markdownToAdf("Fix **now**").content[0]; // { type: "paragraph", content: [{ type: "text", text: "Fix " }, …] }
 */
export function markdownToAdf(markdown: string): AdfDocument {
  return { type: "doc", version: 1, content: nodesOf(parseBlocks(linesOf(markdown)), "document") };
}

/** Lines without what Jira cannot store: control characters and halves of surrogate pairs. */
function linesOf(markdown: string): string[] {
  return markdown
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll(/(?![\n\t])[\p{Cc}\uFFFE\uFFFF]/gu, "")
    .split("\n")
    .map((line) => line.replace(/^[ \t]+/, (space) => space.replaceAll("\t", "    ")));
}

function nodesOf(blocks: readonly MarkdownBlock[], place: Place): AdfNode[] {
  return blocks.flatMap((block) => nodesOfBlock(block, place));
}

function nodesOfBlock(block: MarkdownBlock, place: Place): AdfNode[] {
  const isFree = place === "document";
  switch (block.kind) {
    case "paragraph":
      return paragraph(parseInline(block.text));
    case "heading":
      if (!isFree) return paragraph(parseInline(block.text, [STRONG]));
      return [{ type: "heading", attrs: { level: block.level }, content: parseInline(block.text) }];
    case "code":
      return [codeBlock(block.language, block.text)];
    case "rule":
      return isFree ? [{ type: "rule" }] : [];
    case "quote":
      return isFree ? [panel(block.children) ?? quote(block.children)] : nodesOf(block.children, place);
    case "list":
      return listNodes(block, place);
    default:
      return isFree ? [table(block.rows)] : block.rows.flatMap((row) => paragraph(parseInline(row.join(" | "))));
  }
}

function paragraph(content: readonly AdfNode[]): AdfNode[] {
  return content.length === 0 ? [] : [{ type: "paragraph", content }];
}

function orEmptyParagraph(content: readonly AdfNode[]): readonly AdfNode[] {
  return content.length === 0 ? [{ type: "paragraph", content: [] }] : content;
}

function quote(children: readonly MarkdownBlock[]): AdfNode {
  return { type: "blockquote", content: orEmptyParagraph(nodesOf(children, "quote")) };
}

/** A quote that opens with `[!NOTE]` or its like. A panel may hold whatever a quote may. */
function panel([first, ...rest]: readonly MarkdownBlock[]): AdfNode | undefined {
  if (first?.kind !== "paragraph") return undefined;
  const [line, ...lines] = first.text.split("\n");
  const panelType = panelTypeOf(line!);
  if (panelType === undefined) return undefined;
  const text: MarkdownBlock = { kind: "paragraph", text: lines.join("\n") };
  return { type: "panel", attrs: { panelType }, content: orEmptyParagraph(nodesOf([text, ...rest], "quote")) };
}

function codeBlock(language: string, text: string): AdfNode {
  return {
    type: "codeBlock",
    ...(language !== "" && { attrs: { language } }),
    ...(text !== "" && { content: [{ type: "text", text }] }),
  };
}

function table(rows: readonly (readonly string[])[]): AdfNode {
  const cell = (type: string, text: string): AdfNode => ({
    type,
    content: [{ type: "paragraph", content: parseInline(text) }],
  });
  return {
    type: "table",
    content: rows.map((row, index) => ({
      type: "tableRow",
      content: row.map((text) => cell(index === 0 ? "tableHeader" : "tableCell", text)),
    })),
  };
}

/** Tasks and other items cannot stand in one ADF list: each run of like items becomes a list. Quotes hold no tasks at all. */
function listNodes(list: MarkdownList, place: Place): AdfNode[] {
  const nodes: AdfNode[] = [];
  let start = list.start;
  for (const items of runsOf(list.items)) {
    const isTasks = items[0]!.isDone !== undefined;
    if (isTasks && place !== "quote") nodes.push(taskList(items));
    else if (start === undefined) nodes.push({ type: "bulletList", content: items.map(listItem) });
    else nodes.push({ type: "orderedList", attrs: { order: start }, content: items.map(listItem) });
    if (start !== undefined) start += items.length;
  }
  return nodes;
}

function runsOf(items: readonly MarkdownListItem[]): MarkdownListItem[][] {
  const runs: MarkdownListItem[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run && (run[0]!.isDone === undefined) === (item.isDone === undefined)) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

function listItem(item: MarkdownListItem): AdfNode {
  const box: AdfNode[] = item.isDone === undefined ? [] : [{ type: "text", text: item.isDone ? "☑ " : "☐ " }];
  const [first, ...rest] = orEmptyParagraph(nodesOf(item.children, "item"));
  // Jira's editor wants text or code first in an item, and the box of a task before its text.
  if (first!.type === "paragraph") {
    return { type: "listItem", content: [{ ...first!, content: [...box, ...first!.content!] }, ...rest] };
  }
  const lead = box.length > 0 || first!.type !== "codeBlock" ? [{ type: "paragraph", content: box }] : [];
  return { type: "listItem", content: [...lead, first!, ...rest] };
}

/** A task holds one line of inline nodes; task lists nested in it follow it, everything else is flattened into the line. */
function taskList(items: readonly MarkdownListItem[]): AdfNode {
  return {
    type: "taskList",
    attrs: { localId: randomUUID() },
    content: items.flatMap((item) => {
      const nested = item.children.filter((child) => isTaskList(child));
      const own = item.children.filter((child) => !isTaskList(child));
      const attrs = { localId: randomUUID(), state: item.isDone === true ? "DONE" : "TODO" };
      return [
        { type: "taskItem", attrs, content: flattened(own) },
        ...nested.map((list) => taskList((list as MarkdownList).items)),
      ];
    }),
  };
}

function isTaskList(block: MarkdownBlock): boolean {
  return block.kind === "list" && block.items.every((item) => item.isDone !== undefined);
}

function flattened(blocks: readonly MarkdownBlock[]): AdfNode[] {
  return joined(blocks.map(flattenedBlock));
}

function flattenedBlock(block: MarkdownBlock): AdfNode[] {
  switch (block.kind) {
    case "paragraph":
      return parseInline(block.text);
    case "heading":
      return parseInline(block.text, [STRONG]);
    case "code":
      return joined(block.text.split("\n").map((text) => (text === "" ? [] : [{ type: "text", text, marks: [CODE] }])));
    case "rule":
      return [];
    case "quote":
      return flattened(block.children);
    case "list":
      return joined(block.items.map((item) => [{ type: "text", text: "• " }, ...flattened(item.children)]));
    default:
      return joined(block.rows.map((row) => parseInline(row.join(" | "))));
  }
}

/** Parts on lines of their own. */
function joined(parts: readonly (readonly AdfNode[])[]): AdfNode[] {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : [HARD_BREAK, ...part]));
}
