/** Writes ADF inline nodes as Markdown. */
import { codeSpan, escapeText, link } from "./escape-markdown.ts";
import type { LooseNode } from "./loose-node.ts";

/** Marks that Markdown has signs for, from the outermost to the innermost. */
const SPANS = ["strike", "strong", "em"] as const;
const SIGNS = { strike: "~~", strong: "**", em: "*" } as const;

interface Segment {
  readonly markdown: string;
  readonly spans: readonly (typeof SPANS)[number][];
}

/** @param lineBreak what a hard break is written as: `\` and a new line in paragraphs, `<br>` in tables, a space in headings. */
export function inlineToMarkdown(nodes: readonly LooseNode[], lineBreak: string): string {
  let markdown = "";
  for (let at = 0; at < nodes.length;) {
    const href = hrefOf(nodes[at]!);
    let end = at + 1;
    while (end < nodes.length && hrefOf(nodes[end]!) === href) end += 1;
    const part = nodes.slice(at, end);
    if (href === undefined) markdown += withSigns(part, lineBreak);
    else if (part.length === 1 && part[0]!.text === href) markdown += link(href, href);
    else {
      const label = withSigns(part, lineBreak);
      // A link on nothing but space cannot be seen in Jira either.
      markdown += label.trim() === "" ? label : link(label, href);
    }
    at = end;
  }
  return markdown;
}

function hrefOf(node: LooseNode): string | undefined {
  const mark = node.text === undefined ? undefined : node.marks.find((each) => each.type === "link");
  return mark && mark.attribute("href");
}

/** Neighbours that share a mark share its signs: `**a *b***`, not `**a*****b***`. */
function withSigns(nodes: readonly LooseNode[], lineBreak: string): string {
  let markdown = "";
  let open: Segment["spans"] = [];
  const changeTo = (spans: Segment["spans"]) => {
    const kept = shared(open, spans).length;
    for (const span of open.slice(kept).reverse()) markdown += SIGNS[span];
    for (const span of spans.slice(kept)) markdown += SIGNS[span];
    open = spans;
  };
  const segments = nodes.flatMap((node) => segmentsOf(node, lineBreak));
  for (const [index, segment] of segments.entries()) {
    const isSpace = segment.markdown.trim() === "";
    changeTo(isSpace ? shared(open, segments[index + 1]?.spans ?? []) : segment.spans);
    markdown += segment.markdown;
  }
  changeTo([]);
  return markdown;
}

/** The outer spans that both have. */
function shared(a: Segment["spans"], b: Segment["spans"]): Segment["spans"] {
  const differing = a.findIndex((span, index) => span !== b[index]);
  return differing === -1 ? a : a.slice(0, differing);
}

/** Signs next to a space mean nothing in Markdown: space at the edges is left outside. */
function segmentsOf(node: LooseNode, lineBreak: string): Segment[] {
  const markdown = markdownOf(node, lineBreak);
  const types = new Set(node.marks.map((mark) => mark.type));
  const spans = types.has("code") ? [] : SPANS.filter((span) => types.has(span));
  const inner = markdown.trim();
  if (spans.length === 0 || inner === "") return [{ markdown, spans: [] }];
  const before = markdown.slice(0, markdown.length - markdown.trimStart().length);
  const after = markdown.slice(markdown.trimEnd().length);
  return [
    { markdown: before, spans: [] },
    { markdown: inner, spans },
    { markdown: after, spans: [] },
  ].filter((segment) => segment.markdown !== "");
}

function markdownOf(node: LooseNode, lineBreak: string): string {
  const attribute = (...names: string[]) => escapeText(node.attribute(...names) ?? "");
  switch (node.type) {
    case "hardBreak":
      return lineBreak;
    case "mention": {
      const name = attribute("text");
      if (name === "") return `[~accountid:${attribute("id")}]`;
      return name.startsWith("@") ? name : `@${name}`;
    }
    case "emoji":
      return attribute("text", "shortName");
    case "date":
      return dateOf(node.attribute("timestamp"));
    case "status":
      return `[${attribute("text")}]`;
    case "inlineCard":
      return cardAddress(node);
    case "media":
    case "mediaInline":
      return mediaToMarkdown(node);
    case "placeholder":
      return attribute("text");
    case "inlineExtension":
      return attribute("text") || `[extension: ${attribute("extensionKey")}]`;
    default: {
      const text = (node.text ?? node.plainText()).replaceAll(/[\r\n]+/g, " ");
      return node.marks.some((mark) => mark.type === "code") && text !== ""
        ? codeSpan(text)
        : escapeText(text, hrefOf(node) !== undefined);
    }
  }
}

/** An external picture as an image; a file of the issue by its name, since its address needs a login. */
export function mediaToMarkdown(node: LooseNode): string {
  const alt = escapeText(node.attribute("alt") ?? "");
  const url = node.attribute("url");
  return url === undefined ? `[attachment: ${alt || (node.attribute("id") ?? "unnamed")}]` : `!${link(alt, url)}`;
}

/** The address a card shows, which apps may also keep inside its data. */
export function cardAddress(node: LooseNode): string {
  const { data } = node.attrs;
  const inner = typeof data === "object" && data !== null ? (data as { url?: unknown }).url : undefined;
  const url = node.attribute("url") ?? (typeof inner === "string" ? inner : undefined);
  return url === undefined ? "[card]" : link(url, url);
}

function dateOf(timestamp: string | undefined): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? escapeText(timestamp ?? "") : date.toISOString().slice(0, 10);
}
