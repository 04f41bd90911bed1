/** Globs of policy rules: `*` for any run of characters, `?` for exactly one; nothing else is special. */

/**
 * Compiles a glob to a check. Matching never backtracks more than one star, so a hostile name cannot stall it.
 *
 * @example
 * compileGlob("jira-*")("jira-daws"); // true
 */
export function compileGlob(glob: string): (text: string) => boolean {
  if (/^\*+$/.test(glob)) return () => true;
  if (!/[*?]/.test(glob)) return (text) => text === glob;
  const prefix = /^[^*?]+(?=\*$)/.exec(glob)?.[0];
  if (prefix !== undefined && prefix.length + 1 === glob.length) return (text) => text.startsWith(prefix);
  return (text) => matches(glob, text);
}

/** The classical two-pointer walk: after a mismatch, the last star takes one character more. */
function matches(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length;) {
    if (glob[at] === "*") {
      star = at++;
      resume = index;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
