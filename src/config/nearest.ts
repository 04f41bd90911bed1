/** Finds the candidate that a mistyped word most likely meant. */

/**
 * @returns the nearest candidate within a third of the word's length (at least two edits), else `undefined`
 * @example
 * nearest("time_out_ms", ["timeout_ms", "type"]); // "timeout_ms"
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // A word this long is no typing error, and comparing it would only cost.
  if (word.length > 100) return undefined;
  const plain = simplified(word);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const other = simplified(candidate);
    const isShortened = plain.length >= 3 && other !== plain && other.startsWith(plain);
    const distance = isShortened ? 1 : editDistance(plain, other);
    if (distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** camelCase and snake_case of one name are the same word here: mixing them up is the commonest mistake. */
function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, "");
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
