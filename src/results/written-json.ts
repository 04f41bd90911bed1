/** JSON text that stands ready, inside data that is yet to be written: a large output is serialised once, not twice. */
import { randomUUID } from "node:crypto";

/** Known to this process alone: no text of a caller or a server can pass for it. */
const MARK = randomUUID();
const QUOTED_MARK = JSON.stringify(MARK);

/** The texts that the running `writeJson` comes across. */
let found: string[] | undefined;

/** A value and its JSON. `JSON.stringify` writes the value; {@link writeJson} takes the text. */
export class WrittenJson {
  readonly #value: unknown;
  readonly #text: string;

  constructor(value: unknown, text: string) {
    this.#value = value;
    this.#text = text;
  }

  toJSON(): unknown {
    if (!found) return this.#value;
    found.push(this.#text);
    return MARK;
  }
}

/**
 * What `JSON.stringify` writes, with the texts that stand ready put in as they are.
 *
 * @example
 * writeJson({ output: new WrittenJson([1, 2], "[1,2]") }); // '{"output":[1,2]}'
 */
export function writeJson(data: object): string {
  const texts: string[] = [];
  found = texts;
  let json: string;
  try {
    json = JSON.stringify(data);
  } finally {
    found = undefined;
  }
  let written = "";
  let at = 0;
  for (const text of texts) {
    const mark = json.indexOf(QUOTED_MARK, at);
    written += json.slice(at, mark) + text;
    at = mark + QUOTED_MARK.length;
  }
  return at === 0 ? json : written + json.slice(at);
}
