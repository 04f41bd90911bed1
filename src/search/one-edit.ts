/** Tells whether two words are one slip of the keyboard apart. */

/**
 * One letter added, missing, replaced, or swapped with its neighbour; the first letter is taken to be right.
 *
 * @example
 * isOneEdit("calender", "calendar"); // true
 */
export function isOneEdit(a: string, b: string): boolean {
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  if (a.length !== b.length)
    return a.length < b.length ? b.slice(start + 1) === a.slice(start) : a.slice(start + 1) === b.slice(start);
  if (a.slice(start + 1) === b.slice(start + 1)) return true;
  return a[start] === b[start + 1] && a[start + 1] === b[start] && a.slice(start + 2) === b.slice(start + 2);
}
