/** Equal data gives equal text and different data different text, whatever the order of keys. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/state/canonical-json.ts";

/** The same data with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("canonical JSON", () => {
  test("does not depend on the order of keys, and says the same as JSON does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("tells a key named __proto__ from none", () => {
    expect(canonicalJson(JSON.parse('{"__proto__": {"a": 1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  test("a key without a value is no key; a hole in a list is one", () => {
    expect(canonicalJson({ b: 1, a: undefined, c: [undefined] })).toBe('{"b":1,"c":[null]}');
  });

  test.each([[new Map()], [new Set([1])], [1n], [() => 1], [/x/]])("refuses what JSON cannot hold: %s", (value) => {
    expect(() => canonicalJson({ inner: value })).toThrow(TypeError);
  });
});
