/** Suggests names that a mistyped or half-remembered name may have meant. */

/** Longer names are compared by their first characters only. */
const MOST_CHARACTERS = 64;
/** Further candidates are not looked at: a suggestion must never cost more than the call it replaces. */
const MOST_CANDIDATES = 20_000;
/** So many candidates that share the most letter pairs are compared edit by edit. */
const SHORTLIST = 48;
/** Of the best candidate's likeness and on the whole. */
const LEAST_SHARE = 0.7;
const LEAST_LIKENESS = 0.45;

/**
 * The candidates most like `name`, best first; none when nothing is like it. Case and separators do not count;
 * shared words, a shared beginning and few edits do.
 *
 * @example
 * nearestNames("serchIsues", ["search_issues", "send_message"]); // ["search_issues"]
 */
export function nearestNames(name: string, candidates: Iterable<string>, max = 3): string[] {
  const wanted = lettersOf(name);
  if (wanted.length === 0 || max <= 0) return [];
  const shared = new SharedPairs(wanted);
  const shortlist: { name: string; letters: number[]; overlap: number }[] = [];
  let least = 0;
  const trim = (): void => {
    shortlist.sort((a, b) => b.overlap - a.overlap || compare(a.name, b.name));
    shortlist.length = Math.min(shortlist.length, SHORTLIST);
    if (shortlist.length === SHORTLIST) least = shortlist[SHORTLIST - 1]!.overlap;
  };
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > MOST_CANDIDATES) break;
    const letters = lettersOf(candidate);
    const overlap = shared.overlapWith(letters);
    if (overlap < 0.25 || overlap < least) continue;
    shortlist.push({ name: candidate, letters, overlap });
    if (shortlist.length >= SHORTLIST * 4) trim();
  }
  trim();
  const ranked = shortlist
    .map((each) => ({ name: each.name, likeness: likeness(wanted, each.letters, each.overlap) }))
    .sort((a, b) => b.likeness - a.likeness || compare(a.name, b.name));
  const enough = Math.max(LEAST_LIKENESS, LEAST_SHARE * (ranked[0]?.likeness ?? 0));
  const near = ranked.filter((each) => each.likeness >= enough);
  return [...new Set(near.map((each) => each.name))].slice(0, max);
}

/**
 * The names as an error's suggestion; nothing for none.
 *
 * @example
 * didYouMean(["jira", "jira-eu"]); // { suggestion: "Did you mean 'jira' or 'jira-eu'?" }
 */
export function didYouMean(nearest: readonly string[]): { readonly suggestion?: string } {
  return nearest.length === 0 ? {} : { suggestion: `Did you mean ${nearest.map((each) => `'${each}'`).join(" or ")}?` };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Character codes in lower case without separators. */
function lettersOf(name: string): number[] {
  const letters: number[] = [];
  const lower = name.slice(0, MOST_CHARACTERS * 2).toLowerCase();
  for (let at = 0; at < lower.length && letters.length < MOST_CHARACTERS; at += 1) {
    const code = lower.charCodeAt(at);
    const separates = code < 48 || (code > 57 && code < 97) || (code > 122 && code < 128);
    if (!separates) letters.push(code);
  }
  return letters;
}

/** How likely two names were meant to be the same, from 0 to 1: pairs find shared words, edits find slips. */
function likeness(wanted: number[], letters: number[], overlap: number): number {
  const longest = Math.max(wanted.length, letters.length);
  let prefix = 0;
  while (prefix < longest && wanted[prefix] === letters[prefix]) prefix += 1;
  const unedited = 1 - edits(wanted, letters) / longest;
  return 0.6 * Math.max(overlap, unedited) + 0.3 * Math.min(overlap, unedited) + 0.1 * (prefix / longest);
}

/** Counts letters and letter pairs that names have in common, in one pass over each candidate. */
class SharedPairs {
  readonly #wanted = new Uint8Array(4096);
  readonly #left = new Uint8Array(4096);
  readonly #total: number;

  constructor(wanted: number[]) {
    this.#total = wanted.length * 2 - 1;
    for (let at = 0; at < wanted.length; at += 1) {
      this.#wanted[slotOf(wanted[at]!, 0)]! += 1;
      if (at > 0) this.#wanted[slotOf(wanted[at]!, wanted[at - 1]!)]! += 1;
    }
    this.#left.set(this.#wanted);
  }

  /** The Dice coefficient, from 0 to 1. */
  overlapWith(letters: number[]): number {
    let common = 0;
    const take = (slot: number): void => {
      const left = this.#left[slot] ?? 0;
      if (left === 0) return;
      this.#left[slot] = left - 1;
      common += 1;
    };
    for (let at = 0; at < letters.length; at += 1) {
      take(slotOf(letters[at]!, 0));
      if (at > 0) take(slotOf(letters[at]!, letters[at - 1]!));
    }
    for (let at = 0; at < letters.length; at += 1) {
      this.#restore(slotOf(letters[at]!, 0));
      if (at > 0) this.#restore(slotOf(letters[at]!, letters[at - 1]!));
    }
    return letters.length === 0 ? 0 : (2 * common) / (this.#total + letters.length * 2 - 1);
  }

  #restore(slot: number): void {
    this.#left[slot] = this.#wanted[slot]!;
  }
}

function slotOf(letter: number, before: number): number {
  return (letter * 31 + before * 1009) & 4095;
}

/** Insertions, deletions, replacements and swaps of neighbours between two names (optimal string alignment). */
function edits(a: number[], b: number[]): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforePrevious[column - 2]! + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
