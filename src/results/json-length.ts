/** Estimates how long a value is as JSON without making the text, and stops counting at a limit. */

/** Characters a number is taken for. */
const NUMBER_LENGTH = 8;

/**
 * Characters of the value's JSON, roughly; `undefined` as soon as it is over the limit. The same object met twice counts
 * twice, as it does in JSON: a small web of references can be an endless text.
 *
 * @example
 * jsonLengthWithin({ key: "A-1" }, 100); // 13
 */
export function jsonLengthWithin(value: unknown, limit: number): number | undefined {
  const left = remaining(value, limit);
  return left < 0 ? undefined : limit - left;
}

function remaining(value: unknown, left: number): number {
  if (left < 0) return left;
  switch (typeof value) {
    case "string":
      return left - value.length - 2;
    case "number":
      return left - NUMBER_LENGTH;
    case "object":
      break;
    default:
      return left - 5;
  }
  if (value === null) return left - 4;
  left -= 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      left = remaining(item, left - 1);
      if (left < 0) return left;
    }
    return left;
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    left = remaining((value as Record<string, unknown>)[key], left - key.length - 4);
    if (left < 0) return left;
  }
  return left;
}
