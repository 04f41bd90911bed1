/** Turns the names that tools use into GraphQL names: camelCase, never merged, stable under reordering. */

const longestName = 200;

/** Is it a name GraphQL accepts? Two leading underscores are reserved by the spec. */
export function isGraphName(name: string): boolean {
  return /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/.test(name);
}

/**
 * The camelCase of a tool's own name; words that are joined already keep their capitals.
 *
 * @example
 * camelCase("search_issues"); // "searchIssues"
 * camelCase("If-None-Match"); // "ifNoneMatch"
 * camelCase("projectID"); // "projectID"
 */
export function camelCase(name: string): string {
  // Most names are this already.
  if (/^[a-z][0-9A-Za-z]*$/.test(name)) return name.slice(0, longestName);
  const ascii = asciiOf(name);
  const lowered = /[a-z]/.test(ascii) ? ascii : ascii.toLowerCase();
  const [first = "", ...rest] = lowered.split(/[^0-9A-Za-z]+/).filter(Boolean);
  // A leading run of capitals is one word ("HTTPServer" → "httpServer").
  const head = first.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
  const joined = head + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
  // Only a name that starts with digits can be without a small letter here ("1 A"): again lowered, as it would be next time.
  const settled = /[a-z]/.test(joined) ? joined : joined.toLowerCase();
  return /^[0-9]/.test(settled) ? `_${settled}` : settled;
}

/** The PascalCase of a name, for types: letters and digits only, so `_` can separate the parts of a type's name. */
export function pascalCase(name: string): string {
  const camel = camelCase(name).replace(/^_/, "N");
  return camel[0]?.toUpperCase() + camel.slice(1);
}

/** Accents fall away; a name without any Latin letter or digit is spelt by its code points. */
function asciiOf(name: string): string {
  const kept = name.slice(0, longestName);
  // oxlint-disable-next-line no-control-regex
  const ascii = /^[\0-\x7f]*$/.test(kept) ? kept : kept.normalize("NFKD").replace(/\p{M}/gu, "");
  if (/[0-9A-Za-z]/.test(ascii)) return ascii;
  if (name === "") return "empty";
  return Array.from(name.slice(0, 20), (character) => `u${character.codePointAt(0)?.toString(16)}`).join("");
}

/** Six letters and digits that depend on the text alone (FNV-1a). */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, "0").slice(-6);
}

/**
 * Gives every name its own GraphQL name: the camelCase where it is free, the original where two would meet, and a
 * suffix from the original's hash where the original is not legal. `reserved` names are never given.
 *
 * @example
 * graphNames(["issue_key", "a-b", "a_b"]); // issue_key → issueKey, a_b → a_b, a-b → aB_1s0l5f
 */
export function graphNames(originals: Iterable<string>, reserved: readonly string[] = []): Map<string, string> {
  const plain = new Map<string, string>();
  for (const original of originals) plain.set(original, camelCase(original));
  const given = new Set(plain.values());
  return given.size < plain.size || reserved.some((name) => given.has(name)) ? keepApart(plain, reserved) : plain;
}

function keepApart(plain: ReadonlyMap<string, string>, reserved: readonly string[]): Map<string, string> {
  const groups = new Map<string, string[]>();
  for (const [original, camel] of plain) {
    const group = groups.get(camel);
    if (group) group.push(original);
    else groups.set(camel, [original]);
  }
  const names = new Map<string, string>();
  const taken = new Set(reserved);
  const unsettled: [camel: string, original: string][] = [];
  const settle = (original: string, name: string): boolean => {
    if (!isGraphName(name) || taken.has(name)) return false;
    taken.add(name);
    names.set(original, name);
    return true;
  };
  for (const [camel, group] of groups) {
    for (const original of group) {
      if (!settle(original, group.length === 1 ? camel : original)) unsettled.push([camel, original]);
    }
  }
  // Sorted, so that the rare clash of two suffixes is resolved the same way in any order.
  for (const [camel, original] of unsettled.sort(([, a], [, b]) => (a < b ? -1 : 1))) {
    if (reserved.includes(camel) && settle(original, `${camel}Value`)) continue;
    let salt = 0;
    while (!settle(original, `${camel}_${shortHash(original + "#".repeat(salt))}`)) salt++;
  }
  return names;
}
