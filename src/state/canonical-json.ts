/** Writes JSON data so that equal data gives equal text, whatever the order of its keys. */

/**
 * Keys are put in order and those without a value left out. Throws a `TypeError` for what JSON cannot hold (a `Map`, a
 * `bigint`): two different ones must never look equal.
 *
 * @example
 * canonicalJson({ b: 1, a: [true, undefined] }); // '{"a":[true,null],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  // One call of the native writer over an ordered copy takes less than half the time of writing piece by piece.
  return JSON.stringify(inOrder(value)) ?? "null";
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") throw notJson(value);
    return value;
  }
  if (Array.isArray(value)) return value.map(inOrder);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof Date) return value;
    throw notJson(value);
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const inner = inOrder((value as Record<string, unknown>)[key]);
    // Assigned, it would become the copy's prototype and vanish from the text.
    if (key === "__proto__") Object.defineProperty(copy, key, { value: inner, enumerable: true });
    else copy[key] = inner;
  }
  return copy;
}

function notJson(value: unknown): TypeError {
  return new TypeError(`not JSON data: ${Object.prototype.toString.call(value)}`);
}
