/** Turns pieces and the marks over them into ADF inline nodes, neighbours of equal marks joined. */
import type { AdfMark, AdfNode } from "./adf-node.ts";
import type { InlinePiece, MarkedRange } from "./inline-piece.ts";

const CODE: AdfMark = { type: "code" };

export function inlineNodes(
  pieces: readonly InlinePiece[],
  ranges: readonly MarkedRange[],
  marks: readonly AdfMark[],
): AdfNode[] {
  const nodes: AdfNode[] = [];
  const active = new ActiveMarks(ranges, marks);
  let text = "";
  let textMarks: readonly AdfMark[] = [];
  const flush = () => {
    if (text !== "") nodes.push({ type: "text", text, ...(textMarks.length > 0 && { marks: textMarks }) });
    text = "";
  };
  for (const [index, piece] of pieces.entries()) {
    active.moveTo(index);
    if (piece.kind === "node") {
      flush();
      nodes.push(piece.node);
      continue;
    }
    const own = piece.kind === "delimiter" ? piece.character.repeat(piece.remaining) : piece.text;
    if (own === "") continue;
    const ownMarks = active.marks(piece.kind === "code");
    if (!areSame(textMarks, ownMarks)) flush();
    textMarks = ownMarks;
    text += own;
  }
  flush();
  return trimmed(nodes);
}

/** The marks in force at a piece, kept while moving through the pieces. */
class ActiveMarks {
  readonly #starts = new Map<number, AdfMark[]>();
  readonly #ends = new Map<number, AdfMark[]>();
  readonly #counts = new Map<string, number>();
  readonly #links: AdfMark[] = [];
  readonly #base: readonly AdfMark[];

  constructor(ranges: readonly MarkedRange[], base: readonly AdfMark[]) {
    this.#base = base;
    // A link that begins where another does but ends later is the outer one and has to come first.
    for (const { from, mark } of ranges.toSorted((a, b) => b.to - a.to)) append(this.#starts, from, mark);
    for (const { to, mark } of ranges) append(this.#ends, to, mark);
  }

  moveTo(index: number): void {
    for (const mark of this.#ends.get(index) ?? []) {
      if (mark.type === "link") this.#links.splice(this.#links.lastIndexOf(mark), 1);
      else this.#counts.set(mark.type, this.#counts.get(mark.type)! - 1);
    }
    for (const mark of this.#starts.get(index) ?? []) {
      if (mark.type === "link") this.#links.push(mark);
      else this.#counts.set(mark.type, (this.#counts.get(mark.type) ?? 0) + 1);
    }
  }

  /** ADF allows code to be linked but to carry no other mark, and no text to carry two links. */
  marks(isCode: boolean): readonly AdfMark[] {
    const link = this.#links.slice(0, 1);
    if (isCode) return [CODE, ...link];
    const types = new Set(this.#base.map((mark) => mark.type));
    const spans = [...this.#counts]
      .filter(([type, count]) => count > 0 && !types.has(type))
      .map(([type]) => ({ type }));
    return [...this.#base, ...spans, ...link];
  }
}

function append(at: Map<number, AdfMark[]>, index: number, mark: AdfMark): void {
  const marks = at.get(index);
  if (marks) marks.push(mark);
  else at.set(index, [mark]);
}

function areSame(a: readonly AdfMark[], b: readonly AdfMark[]): boolean {
  return a.length === b.length && a.every((mark, i) => mark.type === b[i]!.type && mark.attrs === b[i]!.attrs);
}

/** Breaks at the edges of a block show nothing and are dropped. */
function trimmed(nodes: AdfNode[]): AdfNode[] {
  const isBreak = (node: AdfNode) => node.type === "hardBreak";
  const first = nodes.findIndex((node) => !isBreak(node));
  const last = nodes.findLastIndex((node) => !isBreak(node));
  return nodes.slice(Math.max(first, 0), last + 1);
}
