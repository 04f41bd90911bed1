/** Pairs runs of `*`, `_` and `~~` by CommonMark's rules (https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis). */
import type { Delimiter, MarkedRange } from "./inline-piece.ts";

const WHITESPACE = /^\s?$/;
const PUNCTUATION = /^[\p{P}\p{S}]$/u;

/** Runs that may still open something. Searches that failed are remembered, which keeps the whole in linear time. */
export class EmphasisStack {
  readonly ranges: MarkedRange[] = [];
  readonly #openers: Delimiter[] = [];
  readonly #bottoms = new Map<string, number>();

  /** Takes a run in, as the end of what it closes and then as a possible beginning. `index` is its place among the pieces. */
  add(character: string, length: number, before: string, after: string, index: number): Delimiter {
    const run: Delimiter = {
      kind: "delimiter",
      character,
      length,
      remaining: length,
      index,
      ...flanks(character, before, after),
    };
    // GitHub's strike-through is exactly two; one stands for "about".
    if (character === "~" && length !== 2) return run;
    while (run.canClose && run.remaining > 0 && this.#close(run));
    if (run.canOpen && run.remaining > 0) this.#openers.push(run);
    return run;
  }

  #close(run: Delimiter): boolean {
    const key = `${run.character}${run.canOpen}${run.length % 3}`;
    const bottom = this.#bottoms.get(key) ?? 0;
    let at = this.#openers.length - 1;
    while (at >= bottom && !pairs(this.#openers[at]!, run)) at -= 1;
    if (at < bottom) {
      this.#bottoms.set(key, this.#openers.length);
      return false;
    }
    const opener = this.#openers[at]!;
    const used = opener.remaining >= 2 && run.remaining >= 2 ? 2 : 1;
    const type = run.character === "~" ? "strike" : used === 2 ? "strong" : "em";
    this.ranges.push({ from: opener.index + 1, to: run.index, mark: { type } });
    opener.remaining -= used;
    run.remaining -= used;
    this.#truncate(opener.remaining > 0 ? at + 1 : at);
    return true;
  }

  #truncate(length: number): void {
    this.#openers.length = length;
    for (const [key, bottom] of this.#bottoms) if (bottom > length) this.#bottoms.set(key, length);
  }
}

function pairs(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.character !== closer.character) return false;
  // "Rule of three": a run that can both open and close pairs only when the lengths do not add up to a multiple of 3.
  if (!opener.canClose && !closer.canOpen) return true;
  return (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

function flanks(character: string, before: string, after: string): { canOpen: boolean; canClose: boolean } {
  const spaceBefore = WHITESPACE.test(before);
  const spaceAfter = WHITESPACE.test(after);
  const markBefore = PUNCTUATION.test(before);
  const markAfter = PUNCTUATION.test(after);
  const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
  const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
  if (character !== "_") return { canOpen: left, canClose: right };
  // snake_case is no emphasis.
  return { canOpen: left && (!right || markBefore), canClose: right && (!left || markAfter) };
}
