/** Reduces an English word to a stem, so that "creates", "creating" and "creation" meet. */

/**
 * The stem of one lower-case word. Light on purpose: it joins the forms of a word, and where it cuts too much it does
 * so in the same way for queries and for tools.
 *
 * @example
 * stem("queries"); // "query"
 * stem("calculation") === stem("calculate"); // true
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  return withoutEnding(withoutDerivation(withoutInflection(singular(word))));
}

function singular(word: string): string {
  if (!word.endsWith("s") || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  return /(?:s|x|z|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

function withoutInflection(word: string): string {
  if (word.endsWith("ied") && word.length > 5) return `${word.slice(0, -3)}y`;
  const bare = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(word)?.[1];
  if (bare === undefined || bare.length < 3) return word;
  return /([bdfgmnprt])\1$/.test(bare) ? bare.slice(0, -1) : bare;
}

function withoutDerivation(word: string): string {
  if (word.length < 6) return word === "daily" ? "day" : word;
  const rules: readonly (readonly [RegExp, string])[] = [
    [/ical$/, ""],
    [/ily$/, "y"],
    [/ly$/, ""],
    [/yze?$/, "ys"],
    [/i[sz]e?$/, ""],
    [/i[sz]ation$/, ""],
    [/([st])ion$/, "$1"],
    [/([t])or$/, "$1"],
    [/er$/, ""],
  ];
  for (const [ending, replacement] of rules) {
    if (ending.test(word)) return word.replace(ending, replacement);
  }
  return word;
}

function withoutEnding(word: string): string {
  let bare = word.length > 3 && word.endsWith("e") ? word.slice(0, -1) : word;
  if (bare.length > 5 && bare.endsWith("y")) bare = bare.slice(0, -1);
  return bare.length > 6 && bare.endsWith("at") ? bare.slice(0, -2) : bare;
}
