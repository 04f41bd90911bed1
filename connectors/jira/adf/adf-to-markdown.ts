/** Converts an Atlassian document, or any part of one, to Markdown that an agent can read. */
import { alertOf } from "./alerts.ts";
import { codeFence, escapeLineStart, escapeText } from "./escape-markdown.ts";
import { cardAddress, inlineToMarkdown, mediaToMarkdown } from "./inline-to-markdown.ts";
import { listMarkerOf } from "./line-kinds.ts";
import { LooseNode } from "./loose-node.ts";
import { tableToMarkdown } from "./table-to-markdown.ts";

/** What is nested deeper is shown as plain text. */
const MAX_DEPTH = 24;

/**
 * Nodes it does not know are shown by their content. A string comes back as it is, `null` as "". Never throws.
 *
 * @example
 * adfToMarkdown({ type: "doc", version: 1, content: [{ type: "rule" }] }); // "---"
 */
export function adfToMarkdown(adf: unknown): string {
  if (typeof adf === "string") return adf;
  return blockToMarkdown(new LooseNode(adf), 0);
}

function blockToMarkdown(node: LooseNode, depth: number): string {
  if (depth > MAX_DEPTH) return escapeText(node.plainText());
  const inner = () => blocks(node.content, depth + 1);
  switch (node.type) {
    case "paragraph":
      return paragraph(node.content);
    case "heading":
      return `${"#".repeat(levelOf(node))} ${inlineToMarkdown(node.content, " ").trim()}`.trimEnd();
    case "codeBlock":
      return codeFence(node.content.map((child) => child.text ?? "").join(""), node.attribute("language") ?? "");
    case "rule":
      return "---";
    case "blockquote":
      return prefixed(inner(), "> ");
    case "panel": {
      const gap = node.content[0]?.type === "paragraph" ? "\n" : "\n\n";
      return prefixed(`${alertOf(node.attribute("panelType"))}${gap}${inner()}`, "> ");
    }
    case "expand":
    case "nestedExpand": {
      const title = node.attribute("title");
      return title === undefined ? inner() : `**${escapeText(title.trim())}**\n\n${inner()}`;
    }
    case "bulletList":
      return items(node, depth, () => "- ");
    case "orderedList":
      return items(node, depth, (index) => `${firstNumber(node) + index}. `);
    case "taskList":
      return items(node, depth, () => "- ");
    case "decisionList":
      return items(node, depth, () => "- Decision: ");
    case "table":
      return tableToMarkdown(node, (cell) => blocks(cell.content, depth + 1));
    case "mediaSingle":
    case "mediaGroup":
      return node.content
        .map((child) => (child.type === "media" ? mediaToMarkdown(child) : paragraph(child.content)))
        .join("\n\n");
    case "blockCard":
    case "embedCard":
      return cardAddress(node);
    case "extension":
      return escapeText(node.attribute("text") ?? `[extension: ${node.attribute("extensionKey") ?? ""}]`);
    case "syncBlock":
      return "[synced block]";
    default:
      return isInline(node) ? paragraph([node]) : inner();
  }
}

/** Blocks apart by an empty line; inline nodes that stand where blocks should be make a paragraph. */
function blocks(nodes: readonly LooseNode[], depth: number): string {
  const parts: string[] = [];
  for (let at = 0; at < nodes.length;) {
    let end = at;
    while (end < nodes.length && isInline(nodes[end]!)) end += 1;
    parts.push(end > at ? paragraph(nodes.slice(at, end)) : blockToMarkdown(nodes[at]!, depth));
    at = Math.max(end, at + 1);
  }
  return parts.filter((part) => part !== "").join("\n\n");
}

function isInline(node: LooseNode): boolean {
  return (
    node.text !== undefined ||
    /^(?:hardBreak|mention|emoji|date|status|inline\w+|mediaInline|placeholder)$/.test(node.type)
  );
}

function paragraph(nodes: readonly LooseNode[]): string {
  const lines = inlineToMarkdown(nodes, "\\\n").split("\n");
  return lines.map(escapeLineStart).join("\n").trim();
}

function items(list: LooseNode, depth: number, markerOf: (index: number) => string): string {
  let index = 0;
  return list.content
    .map((item) => {
      // A task list nested in a task list belongs to the item before it.
      if (item.type === "taskList") return indented(blockToMarkdown(item, depth + 1), "  ");
      const marker = markerOf(index++);
      const text = `${box(item)}${itemText(item, depth)}`;
      // "- - -" would be a rule: a list right at the start of an item begins on a line of its own.
      const lead = listMarkerOf(text) ? `${marker.trimEnd()}\n` : marker;
      const inner = indented(text, " ".repeat(Math.min(marker.length, 4)));
      return `${lead}${lead === marker ? inner.trimStart() : inner}`.trimEnd();
    })
    .filter((text) => text !== "")
    .join("\n");
}

function box(item: LooseNode): string {
  if (item.type !== "taskItem" && item.type !== "blockTaskItem") return "";
  return item.attrs.state === "DONE" ? "[x] " : "[ ] ";
}

/** A list right after an item's text needs no empty line before it, unless it is numbered from elsewhere than 1. */
function itemText(item: LooseNode, depth: number): string {
  const [first, ...rest] = item.content;
  if (!first || isInline(first)) return blocks(item.content, depth + 1);
  const lead = blockToMarkdown(first, depth + 1);
  const isTight = rest.every(
    (child) => /^(?:bullet|task)List$/.test(child.type) || (child.type === "orderedList" && firstNumber(child) === 1),
  );
  return [lead, blocks(rest, depth + 1)].filter((part) => part !== "").join(isTight ? "\n" : "\n\n");
}

function levelOf(node: LooseNode): number {
  const level = Math.trunc(Number(node.attrs.level));
  return level >= 1 && level <= 6 ? level : 1;
}

function firstNumber(list: LooseNode): number {
  const order = Math.trunc(Number(list.attrs.order ?? 1));
  return order >= 0 && order < 1_000_000_000 ? order : 1;
}

function prefixed(text: string, prefix: string): string {
  return text
    .split("\n")
    .map((line) => `${prefix}${line}`.trimEnd())
    .join("\n");
}

function indented(text: string, indent: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `${indent}${line}`))
    .join("\n");
}
