/** A JSON Schema as a Markdown table: one row a field, nested fields by their path. */
import type { JsonSchema } from "../../src/connector/json-schema.ts";

/** Nesting beyond this is told as its type only. */
const DEEPEST = 4;

/**
 * @example
 * schemaTable({ type: "object", properties: { limit: { type: "integer", default: 10 } } });
 * // ["| field | type | | meaning |", …, "| `limit` | integer | default `10` | |"]
 */
export function schemaTable(schema: JsonSchema): string[] {
  const rows = rowsOf(schema, "", 1);
  if (rows.length === 0) return ["No fields."];
  return ["| field | type | | meaning |", "|---|---|---|---|", ...rows];
}

/** The type in the words a reader of JSON knows: `string`, `list of integer`, `"open"` or `"closed"`. */
export function typeText(field: JsonSchema): string {
  if (typeof field.$ref === "string") {
    const name = field.$ref.split("/").at(-1);
    return field.$ref.includes("/schemas/") ? `[${name}](#${name?.toLowerCase()})` : String(name);
  }
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  const forms = (field.anyOf ?? field.oneOf) as readonly JsonSchema[] | undefined;
  if (forms) return [...new Set(forms.map(typeText))].join(" or ");
  if (Array.isArray(field.type)) return field.type.join(" or ");
  if (field.type === "array") return `list of ${isSchema(field.items) ? typeText(field.items) : "anything"}`;
  return typeof field.type === "string" ? field.type : "anything";
}

function rowsOf(schema: JsonSchema, prefix: string, depth: number): string[] {
  const required = new Set((schema.required ?? []) as readonly string[]);
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = `| \`${path}\` | ${typeText(field)} | ${presence(field, required.has(name))} | ${cell(meaningOf(field))} |`;
    return depth < DEEPEST ? [row, ...nestedRows(field, path, depth + 1)] : [row];
  });
}

function nestedRows(field: JsonSchema, path: string, depth: number): string[] {
  if (field.properties) return rowsOf(field, `${path}.`, depth);
  if (isSchema(field.items)) return nestedRows(field.items, `${path}[]`, depth);
  const forms = (field.anyOf ?? field.oneOf) as readonly JsonSchema[] | undefined;
  const objects = (forms ?? []).filter(({ properties, items }) => properties ?? items);
  return objects.length === 1 ? nestedRows(objects[0]!, path, depth) : [];
}

/** The first description on the way down: an optional field's own, or that of what it holds. */
function meaningOf(field: JsonSchema): unknown {
  return field.description ?? (isSchema(field.items) ? field.items.description : undefined);
}

function presence(field: JsonSchema, isRequired: boolean): string {
  if (field.default !== undefined) return `default \`${JSON.stringify(field.default)}\``;
  return isRequired ? "required" : "";
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text that stays inside its cell, and that Markdown takes for text. */
function cell(text: unknown): string {
  return typeof text === "string" ? text.replaceAll(/[|<]/g, "\\$&").replaceAll(/\s+/g, " ") : "";
}
