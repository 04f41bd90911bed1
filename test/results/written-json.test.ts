/** Data with texts that stand ready is written as `JSON.stringify` writes it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { WrittenJson, writeJson } from "../../src/results/written-json.ts";

test("any values, wherever they stand, are written as they would be without it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.jsonValue())), fc.jsonValue(), (entries, other) => {
      const plain = { other, list: entries.map(([, value]) => value), ...Object.fromEntries(entries) };
      const ready = (value: unknown) => new WrittenJson(value, JSON.stringify(value));
      const prepared = {
        other,
        list: entries.map(([, value]) => ready(value)),
        ...Object.fromEntries(entries.map(([key, value]) => [key, ready(value)])),
      };
      expect(writeJson(prepared)).toBe(JSON.stringify(plain));
      expect(JSON.stringify(prepared)).toBe(JSON.stringify(plain));
    }),
  );
});

test("a text with what replaces a part in other ways of writing stays as it is", () => {
  const text = JSON.stringify("$& $1 $$ \u2028 \\u0000");
  expect(writeJson({ a: new WrittenJson(JSON.parse(text), text), b: text })).toBe(
    `{"a":${text},"b":${JSON.stringify(text)}}`,
  );
});

test("what cannot be written leaves nothing behind for the next", () => {
  const circle: Record<string, unknown> = { ready: new WrittenJson(1, "1") };
  circle.self = circle;
  expect(() => writeJson(circle)).toThrow(TypeError);
  expect(JSON.stringify({ ready: new WrittenJson(1, "1") })).toBe('{"ready":1}');
});
