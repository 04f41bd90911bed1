/** Brings the result of a tool call into the form the protocol asks for, so that one odd item does not lose the others. */
import { specTypeSchemas, type ContentBlock } from "@modelcontextprotocol/client";
import { isObject, type Json } from "./repair-tool.ts";

/**
 * Content of an unknown kind is not lost: an agent can still read it as text. Older revisions (`isModern` false) know only
 * objects as structured content; a server that sends anything else has it in its text as well. The rest stays as it is.
 *
 * @example
 * repairResult({ content: ["hello"] }, false); // { content: [{ type: "text", text: "hello" }] }
 */
export function repairResult(result: Json, isModern: boolean): Json {
  const { content, structuredContent: structured } = result;
  const isOdd = structured !== undefined && !isModern && !isObject(structured);
  const items: readonly unknown[] = Array.isArray(content) ? content : [];
  if (!isOdd && items === content && items.every(isPlainText)) return result;
  const repaired: Json = { ...result, content: items.map(contentBlock) };
  if (isOdd) {
    delete repaired.structuredContent;
    if (items.length === 0) repaired.content = [asText(structured)];
  }
  return repaired;
}

/** What nearly every item is. */
function isPlainText(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const { type, text } = item as Json;
  return type === "text" && typeof text === "string" && Object.keys(item).length === 2;
}

function contentBlock(item: unknown): ContentBlock {
  // Hints for a display are not handed on, so they need not be right either.
  if (isObject(item) && item.type === "text" && typeof item.text === "string") return { type: "text", text: item.text };
  const parsed = specTypeSchemas.ContentBlock["~standard"].validate(item);
  return parsed.issues ? asText(item) : parsed.value;
}

function asText(item: unknown): ContentBlock {
  return { type: "text", text: typeof item === "string" ? item : (JSON.stringify(item) ?? "") };
}
