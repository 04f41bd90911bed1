/** Reads the inline part of Markdown - emphasis, code, links, breaks, mentions - into ADF nodes, in linear time. */
import type { AdfMark, AdfNode } from "./adf-node.ts";
import { EmphasisStack } from "./emphasis-stack.ts";
import { inlineNodes } from "./inline-nodes.ts";
import type { InlinePiece, MarkedRange } from "./inline-piece.ts";
import { autolinkAt, bareUrlAt, lineBreakAt, linkTargetAt, mentionAt } from "./inline-targets.ts";

const HARD_BREAK: AdfNode = { type: "hardBreak" };
/** Everything up to the next character that may mean something. */
const PLAIN = /(?:[^\\`*_~[\]!<\nh]|h(?!ttps?:\/\/))+/y;

/**
 * @param marks marks of the whole text, for example strong for a heading where no heading may stand.
 * @example
 * parseInline("a **b**"); // [{ type: "text", text: "a " }, { type: "text", text: "b", marks: [{ type: "strong" }] }]
 */
export function parseInline(text: string, marks: readonly AdfMark[] = []): AdfNode[] {
  const { pieces, ranges } = new InlineReader(text).read();
  return inlineNodes(pieces, ranges, marks);
}

class InlineReader {
  readonly #text: string;
  readonly #pieces: InlinePiece[] = [];
  readonly #links: MarkedRange[] = [];
  readonly #emphasis = new EmphasisStack();
  readonly #brackets: { readonly piece: number; readonly isImage: boolean }[] = [];
  readonly #tickRuns: ReadonlyMap<number, number[]>;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tickRuns = tickRuns(text);
  }

  read(): { pieces: readonly InlinePiece[]; ranges: readonly MarkedRange[] } {
    while (this.#at < this.#text.length) {
      if (!this.#readSpecial(this.#text[this.#at]!)) this.#plain();
    }
    return { pieces: this.#pieces, ranges: [...this.#emphasis.ranges, ...this.#links] };
  }

  /** Reads what begins with this character, if it means anything here. */
  #readSpecial(character: string): boolean {
    switch (character) {
      case "\\":
        return this.#escape();
      case "\n":
        return this.#newLine();
      case "`":
        return this.#code();
      case "*":
      case "_":
      case "~":
        return this.#delimiter(character);
      case "!":
        return this.#text[this.#at + 1] === "[" && this.#openBracket(2);
      case "[":
        return this.#mention() || this.#openBracket(1);
      case "]":
        return this.#closeBracket();
      case "<":
        return this.#lineBreak() || this.#address(autolinkAt(this.#text, this.#at));
      case "h":
        return this.#address(bareUrlAt(this.#text, this.#at));
      default:
        return false;
    }
  }

  #push(piece: InlinePiece, end: number): true {
    this.#pieces.push(piece);
    this.#at = end;
    return true;
  }

  #plain(): void {
    PLAIN.lastIndex = this.#at + 1;
    const end = this.#at + 1 + (PLAIN.exec(this.#text)?.[0].length ?? 0);
    this.#push({ kind: "text", text: this.#text.slice(this.#at, end) }, end);
  }

  #escape(): boolean {
    const escaped = this.#text[this.#at + 1] ?? "";
    if (escaped === "\n") return this.#push({ kind: "node", node: HARD_BREAK }, this.#at + 2);
    return /[!-/:-@[-`{-~]/.test(escaped) && this.#push({ kind: "text", text: escaped }, this.#at + 2);
  }

  #newLine(): boolean {
    const before = this.#pieces.at(-1);
    const isHard = before?.kind === "text" && before.text.endsWith("  ");
    if (before?.kind === "text") before.text = before.text.trimEnd();
    return this.#push(isHard ? { kind: "node", node: HARD_BREAK } : { kind: "text", text: " " }, this.#at + 1);
  }

  #lineBreak(): boolean {
    const length = lineBreakAt(this.#text, this.#at);
    return length !== undefined && this.#push({ kind: "node", node: HARD_BREAK }, this.#at + length);
  }

  #code(): boolean {
    const length = runLength(this.#text, this.#at);
    // Code ends at the next run of the same length. Runs that were passed are of no more use to anybody.
    const starts = this.#tickRuns.get(length) ?? [];
    while (starts.length > 0 && starts.at(-1)! <= this.#at) starts.pop();
    const close = starts.at(-1);
    const start = this.#at + length;
    if (close === undefined) return this.#push({ kind: "text", text: this.#text.slice(this.#at, start) }, start);
    return this.#push({ kind: "code", text: codeText(this.#text.slice(start, close)) }, close + length);
  }

  #delimiter(character: string): boolean {
    const end = this.#at + runLength(this.#text, this.#at);
    const [before, after] = [this.#text[this.#at - 1] ?? "", this.#text[end] ?? ""];
    return this.#push(this.#emphasis.add(character, end - this.#at, before, after, this.#pieces.length), end);
  }

  #mention(): boolean {
    const found = mentionAt(this.#text, this.#at);
    if (!found) return false;
    return this.#push({ kind: "node", node: { type: "mention", attrs: { id: found.accountId } } }, found.end);
  }

  #openBracket(length: number): boolean {
    this.#brackets.push({ piece: this.#pieces.length, isImage: length === 2 });
    return this.#push({ kind: "text", text: length === 2 ? "![" : "[" }, this.#at + length);
  }

  #closeBracket(): boolean {
    const opener = this.#brackets.pop();
    const target = opener && linkTargetAt(this.#text, this.#at + 1);
    if (!target) return false;
    this.#pieces[opener.piece] = { kind: "text", text: "" };
    // Without a label there would be nothing to see.
    const last = this.#pieces.at(-1)!;
    const isShort = this.#pieces.length <= opener.piece + 2;
    if (isShort && last.kind === "text" && last.text.trim() === "") {
      this.#pieces.push({ kind: "text", text: target.attrs.href });
    }
    this.#links.push({ from: opener.piece, to: this.#pieces.length, mark: { type: "link", attrs: target.attrs } });
    // A link holds no links; an image, which becomes a link to the picture, may stand in one.
    if (!opener.isImage) this.#brackets.length = 0;
    this.#at = target.end;
    return true;
  }

  #address(found: { text: string; href: string; end: number } | undefined): boolean {
    if (!found) return false;
    const index = this.#pieces.length;
    this.#links.push({ from: index, to: index + 1, mark: { type: "link", attrs: { href: found.href } } });
    return this.#push({ kind: "text", text: found.text }, found.end);
  }
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** Length → where runs of so many backticks begin, the last one first. */
function tickRuns(text: string): ReadonlyMap<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const run of [...text.matchAll(/`+/g)].reverse()) {
    const starts = runs.get(run[0].length);
    if (starts) starts.push(run.index);
    else runs.set(run[0].length, [run.index]);
  }
  return runs;
}

function codeText(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.startsWith(" ") && line.endsWith(" ") && line.trim() !== "" ? line.slice(1, -1) : line;
}
