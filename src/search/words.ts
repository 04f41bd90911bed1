/** Cuts text and identifiers into the words that are compared: camelCase, snake_case, kebab-case, any script. */

/** Longer runs of letters and digits are data (keys, base64, hashes), not words. */
const LONGEST_WORD = 40;

/**
 * The words of a text in lower case and in order; at most `limit`. Chinese, Japanese and Korean runs, which have no
 * spaces, give their overlapping pairs of characters.
 *
 * @example
 * words("getUser_by-HTTPStatus"); // ["get", "user", "by", "http", "status"]
 */
export function words(text: string, limit = 2000): string[] {
  const found: string[] = [];
  for (const [run] of text.normalize("NFKC").matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (found.length >= limit) break;
    if (CJK.test(run)) found.push(...pairsOf(run.slice(0, limit + 1)));
    else if (run.length <= LONGEST_WORD) found.push(...run.replace(HUMPS, " ").toLowerCase().split(" "));
  }
  return found.length > limit ? found.slice(0, limit) : found;
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** The seams of camelCase: before a capital that follows a small letter, and before the last capital of an acronym. */
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

function pairsOf(run: string): string[] {
  const pairs: string[] = [];
  for (const part of run.split(/([^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)/u)) {
    if (part === "") continue;
    const characters = CJK.test(part) ? Array.from(part) : [part.toLowerCase()];
    if (characters.length === 1) pairs.push(characters[0]!);
    for (let at = 0; at + 1 < characters.length; at += 1) pairs.push(characters[at]! + characters[at + 1]!);
  }
  return pairs;
}
