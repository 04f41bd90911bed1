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

  test("keys of any number are put in order, at any depth", () => {
    for (const count of [2, 15, 16, 17, 40]) {
      const keys = Array.from({ length: count }, (_, index) => `k${(index * 7919) % 97}`);
      const value = [[[Object.fromEntries(keys.map((key) => [key, [{ b: 1, a: key }]]))]]];
      const inOrder = [...new Set(keys)].sort().map((key) => `"${key}":[{"a":"${key}","b":1}]`);
      expect(canonicalJson(value)).toBe(`[[[{${inOrder.join(",")}}]]]`);
    }
  });

  test("lists inside lists cost no more the deeper they are", () => {
    let value: unknown = { b: 1, a: 2 };
    for (let depth = 0; depth < 500; depth += 1) value = [0, value];
    expect(canonicalJson(value)).toContain('{"a":2,"b":1}');
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
