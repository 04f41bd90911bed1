/** Reads a JSON body that a stranger sent: encoding, syntax and nesting are checked before anything looks inside. */
import { isUtf8 } from "node:buffer";
import { CatalogueError } from "../errors/catalogue-error.ts";

/** Deepest nesting of arrays and objects; real inputs stay far below, and deeper ones overflow recursive readers. */
const MAX_DEPTH = 100;

/** `VALIDATION_ERROR` for what is not UTF-8, not JSON, empty, or nested too deep. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) throw malformed("the body is empty", "a JSON object");
  if (!isUtf8(body)) throw malformed("the body is not UTF-8 text", "JSON in UTF-8");
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  if (text.length > 2 * MAX_DEPTH && isDeeperThan(text, MAX_DEPTH)) {
    throw malformed(`the body is nested deeper than ${MAX_DEPTH} levels`, `at most ${MAX_DEPTH} levels`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(`the body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ""}`, "JSON");
  }
}

/** Counts brackets outside strings. A text of no more than twice the depth has not enough of them. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === 0x7d || character === 0x5d) depth -= 1;
  }
  return false;
}

function malformed(problem: string, expected: string): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", `The request cannot be read: ${problem}.`, {
    details: [{ path: "", problem, expected }],
    acted: "no",
  });
}
