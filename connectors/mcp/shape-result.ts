/** Turns the result of an MCP tool into what the gateway hands on: its typed answer, or one generic shape. */
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { JsonSchema } from "../../src/index.ts";

/**
 * What every tool without an output schema answers. Absent is what the tool did not send:
 * - `json`: its structured content, or its text where that is a JSON object or array;
 * - `text`: its text where it is not JSON; several texts are joined by a blank line;
 * - `content`: all that is not text (images, audio, resources and links to them), as the protocol defines it.
 */
export const untypedResult: JsonSchema = {
  type: "object",
  description: "The answer of a tool that does not declare its own form.",
  properties: {
    text: { type: "string", description: "What the tool says, where it is not JSON." },
    json: { description: "What the tool says, where it is JSON." },
    content: {
      type: "array",
      description: "Images, audio, resources and links, as MCP content items.",
      items: { type: "object", additionalProperties: true },
    },
  },
  additionalProperties: false,
};

interface UntypedResult {
  text?: string;
  json?: unknown;
  content?: unknown[];
}

/**
 * The structured content of a typed tool as it is; servers that declare a schema and send only text are read from the text.
 *
 * @example
 * shapeResult({ content: [{ type: "text", text: "[1]" }] }, false); // { json: [1] }
 */
export function shapeResult(result: CallToolResult, isTyped: boolean): unknown {
  const structured: unknown = result.structuredContent;
  if (isTyped && structured !== undefined) return structured;
  const texts: string[] = [];
  const others: unknown[] = [];
  for (const item of result.content ?? []) {
    if (item.type === "text") texts.push(item.text);
    else others.push(item);
  }
  const text = texts.join("\n\n");
  const json = structured ?? (texts.length === 1 ? parseJson(text) : undefined);
  if (isTyped && json !== undefined) return json;
  const shaped: UntypedResult = {};
  if (json !== undefined) shaped.json = json;
  else if (texts.length > 0) shaped.text = text;
  if (others.length > 0) shaped.content = others;
  return shaped;
}

/** Only objects and arrays count: a tool that answers `42` or `true` says it as text. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
