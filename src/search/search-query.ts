/** Reads a question: the words that tell what is needed, what else they may be called, and the needs they form. */
import { fileKinds } from "./file-kinds.ts";
import type { SearchTuning } from "./search-tuning.ts";
import { stem } from "./stem.ts";
import { stopWords, weakWords } from "./stop-words.ts";
import { synonyms } from "./thesaurus.ts";
import { pairsOf } from "./tool-terms.ts";
import { words } from "./words.ts";

type Variant = readonly [stem: string, closeness: number];

export interface QueryTerm {
  /** As the asker wrote it, in lower case. */
  readonly word: string;
  /** The stem and its synonyms, each with how much a match of it counts, from 0 to 1. */
  readonly variants: readonly [Variant, ...Variant[]];
  readonly weight: number;
  /** Two neighbouring words written as one. */
  readonly isPair: boolean;
}

export interface SearchQuery {
  readonly terms: readonly QueryTerm[];
  /** The needs that the question names, as positions in `terms`. */
  readonly needs: readonly (readonly number[])[];
}

// A question costs at most what these allow, however long and odd it is.
const MOST_CHARACTERS = 8_000;
const LONGEST_CHUNK = 300;
const MOST_WORDS_OF_NEED = 100;
const MOST_TERMS = 100;
const MOST_NEEDS = 16;

/** In a question of few words even a common one tells, and so do its synonyms. */
const FEW_WORDS = 6;

/** Ends of sentences, and the joints between the things a sentence asks for. */
const JOINTS = /[.?!;:](?=\s|$)|[。？！；，、\n]|,\s|\s(?:and|then|also)\s/iu;

/**
 * The question as terms and needs.
 *
 * @example
 * readQuery("Find a hotel and save it to trip.md", searchTuning).needs.length; // 2
 */
export function readQuery(text: string, tuning: SearchTuning): SearchQuery {
  const terms = new Map<string, QueryTerm & { readonly position: number }>();
  const needs: number[][] = [];
  const read = text.slice(0, MOST_CHARACTERS);
  const telling = read.split(JOINTS).map((clause) => readClause(clause, tells));
  const clauses = telling.some(({ told }) => told.length > 0) ? telling : [readClause(read, () => true)];
  const isShort = clauses.reduce((sum, { told }) => sum + told.length, 0) <= FEW_WORDS;
  for (const { told, values } of clauses) {
    const need = new Set<number>();
    const add = (key: string, term: QueryTerm): void => {
      const known = terms.get(key) ?? { ...term, position: terms.size };
      if (known.position >= MOST_TERMS) return;
      terms.set(key, known);
      need.add(known.position);
    };
    for (const word of told) add(stem(word), termOf(word, tuning, isShort));
    for (const word of values) add(stem(word), { ...termOf(word, tuning, isShort), weight: tuning.value });
    for (const pair of pairsOf(told.map(stem))) {
      add(` ${pair}`, { word: pair, variants: [[pair, 1]], weight: tuning.pair, isPair: true });
    }
    if (need.size > 0) needs.push([...need]);
    if (needs.length >= MOST_NEEDS) break;
  }
  return { terms: [...terms.values()], needs };
}

function termOf(word: string, tuning: SearchTuning, isShort: boolean): QueryTerm {
  const base = stem(word);
  const isWeak = weakWords.has(base);
  const variants: [Variant, ...Variant[]] = [[base, 1]];
  if (isShort || !isWeak) {
    for (const [other, closeness] of synonyms.get(base) ?? []) variants.push([other, tuning.synonym * closeness]);
  }
  return { word, variants, weight: isWeak ? tuning.weak : 1, isPair: false };
}

/**
 * The telling words of a clause. Addresses, files and folders are values: it is their kind that tells of the tool,
 * their own words say little.
 */
function readClause(clause: string, tells: (word: string) => boolean): { told: string[]; values: string[] } {
  const told: string[] = [];
  const values: string[] = [];
  for (const chunk of clause.split(/\s+/)) {
    const kind = chunk.length > LONGEST_CHUNK ? undefined : kindOf(chunk.replace(/[.,;:?!)"'\]]+$/, ""));
    told.push(...words(kind ?? chunk, MOST_WORDS_OF_NEED));
    if (kind !== undefined) values.push(...words(chunk, MOST_WORDS_OF_NEED));
    if (told.length > MOST_WORDS_OF_NEED) break;
  }
  return { told: told.filter(tells), values: values.filter(tells) };
}

function tells(word: string): boolean {
  return !stopWords.has(word) && !isShortValue(word);
}

function kindOf(chunk: string): string | undefined {
  if (/^["'(]?https?:\/\//i.test(chunk)) return "url";
  const ending = /[\w)]\.(\w{2,5})$/.exec(chunk)?.[1]?.toLowerCase();
  if (ending !== undefined && Object.hasOwn(fileKinds, ending)) return fileKinds[ending];
  return /^["'(]?(?:~|\.{0,2})(?:\/[\w.-]+)+\/?$/.test(chunk) ? "directory" : undefined;
}

/** Short numbers and single letters are values for a tool, not a sign of which tool. */
function isShortValue(word: string): boolean {
  return /^(?:\d{1,4}|[a-z])$/.test(word);
}
