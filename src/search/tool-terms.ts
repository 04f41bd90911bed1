/** Weighs the words by which a tool can be found: its name, title, description, parameters and their values. */
import type { JsonSchema } from "../connector/json-schema.ts";
import type { Tool } from "../connector/tool.ts";
import { isObject } from "../is-object.ts";
import type { Field, SearchTuning } from "./search-tuning.ts";
import { stem } from "./stem.ts";
import { stopWords, weakWords } from "./stop-words.ts";
import { words } from "./words.ts";

/** What the index needs to know of a tool. */
export type SearchableTool = Pick<Tool, "name" | "title" | "description" | "effect" | "inputSchema">;

/** How much each stem counts. */
export type Terms = Map<string, number>;

/** Words of one text beyond this many do not count. */
const MOST_WORDS = 400;
const DEEPEST_SCHEMA = 4;

/** The stems of a text's telling words, in order; of all its words when none tells, as in `who_am_i`. */
export function stemsOf(text: string): string[] {
  const all = words(text, MOST_WORDS);
  const telling = all.filter((word) => !stopWords.has(word));
  return (telling.length > 0 ? telling : all).map(stem);
}

/** Neighbouring stems written as one, so that "word cloud", `word_cloud` and `wordcloud` meet. */
export function pairsOf(stems: readonly string[]): string[] {
  return stems.slice(1).map((each, at) => stems[at]! + each);
}

/** The terms of one tool with the weight of each. */
export function termsOfTool(tool: SearchableTool, fields: SearchTuning["fields"]): Terms {
  const terms: Terms = new Map();
  const name = stemsOf(tool.name);
  const title = stemsOf(tool.title ?? "");
  const [sentence, rest] = firstSentence(tool.description);
  const opening = stemsOf(sentence);
  countWords(terms, [...new Set([...name, ...title])], fields.name);
  countWords(terms, new Set([...pairsOf(name), ...pairsOf(title)]), fields.pair);
  countWords(terms, opening, fields.sentence);
  countWords(terms, stemsOf(rest), fields.rest);
  const names: string[] = [];
  const texts: string[] = [];
  readSchema(tool.inputSchema, names, texts, DEEPEST_SCHEMA);
  countWords(terms, stemsOf(names.join(" ")), fields.parameter);
  countWords(terms, stemsOf(texts.join(" ")), fields.parameterText);
  return terms;
}

/** Adds the words of one field. */
export function countWords(terms: Terms, stems: Iterable<string>, field: Field): void {
  const times = new Map<string, number>();
  let length = 0;
  for (const each of stems) {
    times.set(each, (times.get(each) ?? 0) + 1);
    length += 1;
  }
  const share = field.weight / (1 - field.dilution + (field.dilution * length) / field.usualLength);
  for (const [each, often] of times) terms.set(each, (terms.get(each) ?? 0) + often * share);
}

function firstSentence(text: string): [string, string] {
  const end = /[.!?。！？](?:\s|$)|\n\s*\n|[。！？]/.exec(text.slice(0, 400))?.index ?? Math.min(text.length, 400);
  return [text.slice(0, end), text.slice(end)];
}

function readSchema(schema: JsonSchema, names: string[], texts: string[], depth: number): void {
  if (depth === 0 || names.length + texts.length > MOST_WORDS) return;
  if (typeof schema["description"] === "string") texts.push(schema["description"]);
  if (typeof schema["title"] === "string") texts.push(schema["title"]);
  if (Array.isArray(schema["enum"]))
    texts.push(
      schema["enum"]
        .filter((each) => typeof each === "string")
        .slice(0, 50)
        .join(" "),
    );
  const { properties, items } = schema as { properties?: unknown; items?: unknown };
  if (isObject(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      names.push(name);
      if (isObject(property)) readSchema(property, names, texts, depth - 1);
    }
  }
  if (isObject(items)) readSchema(items, names, texts, depth - 1);
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const branches = schema[key];
    if (Array.isArray(branches))
      for (const branch of branches) if (isObject(branch)) readSchema(branch, names, texts, depth - 1);
  }
}

/** For each stem of a tool's name the part of the name that it makes up, from 0 to 1; common words make up less. */
export function nameShares(name: string, weakShare: number): Terms {
  const stems = [...new Set(stemsOf(name))];
  const weights = stems.map((each) => (weakWords.has(each) ? weakShare : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(stems.map((each, at) => [each, weights[at]! / total]));
}
