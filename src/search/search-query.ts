/** Reads a question: the words that tell what is needed, what else they may be called, and the needs they form. */
import { pairsOf } from "./tool-terms.ts";
import { stem } from "./stem.ts";
import { stopWords } from "./stop-words.ts";
import { synonyms } from "./thesaurus.ts";
import { words } from "./words.ts";

export interface QueryTerm {
  /** As the asker wrote it, in lower case. */
  readonly word: string;
  /** The stem and its synonyms, each with how much a match of it counts, from 0 to 1. */
  readonly variants: readonly (readonly [stem: string, weight: number])[];
  readonly weight: number;
}

export interface SearchQuery {
  readonly terms: readonly QueryTerm[];
  /** The needs that the question names, as positions in `terms`. */
  readonly needs: readonly (readonly number[])[];
}

export interface QueryTuning {
  readonly synonymWeight: number;
  readonly pairWeight: number;
  readonly pathWordWeight: number;
}

/** Characters of a question that are read. */
const MOST_CHARACTERS = 8_000;
const MOST_TERMS = 40;
const MOST_NEEDS = 12;

/** What a file name's ending says of the work to be done. */
const FILE_KINDS: Readonly<Record<string, string>> = {
  md: "markdown file",
  txt: "text file",
  log: "text file",
  csv: "csv table file",
  tsv: "csv table file",
  json: "json file",
  yaml: "yaml file",
  yml: "yaml file",
  xml: "xml file",
  html: "html web page",
  pdf: "pdf file",
  doc: "word document",
  docx: "word document",
  xls: "excel spreadsheet",
  xlsx: "excel spreadsheet",
  ppt: "powerpoint presentation",
  pptx: "powerpoint presentation",
  png: "image file",
  jpg: "image file",
  jpeg: "image file",
  gif: "image file",
  svg: "svg image file",
  webp: "image file",
  mp3: "audio file",
  wav: "audio file",
  flac: "audio file",
  mp4: "video file",
  mov: "video file",
  zip: "archive file",
  py: "python code file",
  js: "javascript code file",
  ts: "typescript code file",
};

const ADDRESS = /\bhttps?:\/\/\S+/gi;
const FILE = /(?:[\w.~-]*[\\/])*[\w-]+\.([a-z0-9]{2,5})\b/gi;
const FOLDER = /(?:^|(?<=\s))(?:~|\.{0,2})(?:\/[\w.-]+)+\/?/g;

/** The question as terms and needs. Bounded in time and size whatever the text. */
export function readQuery(text: string, tuning: QueryTuning): SearchQuery {
  const terms = new Map<string, { word: string; weight: number; variants: (readonly [string, number])[] }>();
  const needs: number[][] = [];
  const positions = new Map<string, number>();
  const add = (
    key: string,
    word: string,
    weight: number,
    variants: (readonly [string, number])[],
  ): number | undefined => {
    const known = terms.get(key);
    if (known) {
      known.weight = Math.max(known.weight, weight);
      return positions.get(key);
    }
    if (terms.size >= MOST_TERMS) return undefined;
    positions.set(key, terms.size);
    terms.set(key, { word, weight, variants });
    return terms.size - 1;
  };
  const plain = text
    .slice(0, MOST_CHARACTERS)
    .replace(ADDRESS, " url ")
    .replace(FILE, (whole, ending: string) => {
      const kind = FILE_KINDS[ending.toLowerCase()];
      return kind === undefined ? whole : ` ${kind} `;
    })
    .replace(FOLDER, " directory ");
  for (const clause of plain.split(/[.?!;:\n。？！；，]+(?:\s|$)|[。？！；，\n]|,\s|\s(?:and|then|also|und)\s/u)) {
    const need = new Set<number>();
    const stems: string[] = [];
    for (const word of words(clause, 200)) {
      if (stopWords.has(word)) continue;
      const base = stem(word);
      stems.push(base);
      const others = (synonyms.get(base) ?? []).map((other) => [other, tuning.synonymWeight] as const);
      const position = add(base, word, 1, [[base, 1], ...others]);
      if (position !== undefined) need.add(position);
    }
    for (const pair of pairsOf(stems)) {
      const position = add(` ${pair}`, pair, tuning.pairWeight, [[pair, 1]]);
      if (position !== undefined) need.add(position);
    }
    if (need.size > 0 && needs.length < MOST_NEEDS) needs.push([...need]);
  }
  return { terms: [...terms.values()], needs };
}
