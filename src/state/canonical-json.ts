/** Writes JSON data so that equal data gives equal text, whatever the order of its keys. */

/**
 * Keys are sorted and those without a value left out. Throws a `TypeError` for what JSON cannot hold (a `Map`, a
 * `bigint`): two different ones must never look equal.
 *
 * @example
 * canonicalJson({ b: 1, a: [true, undefined] }); // '{"a":[true,null],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") throw notJson(value);
    return JSON.stringify(value) ?? "null";
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value instanceof Date) return JSON.stringify(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(value);
  const record = value as Record<string, unknown>;
  let text = "";
  for (const key of Object.keys(record).sort()) {
    const inner = record[key];
    if (inner !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

function notJson(value: unknown): TypeError {
  return new TypeError(`not JSON data: ${Object.prototype.toString.call(value)}`);
}
