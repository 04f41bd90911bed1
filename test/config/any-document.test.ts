import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkDocument } from "../../src/config/check-document.ts";
import { parseText } from "../../src/config/read-document.ts";
import { connectors } from "./config-folder.ts";
import { exampleFile } from "./example-file.ts";

function outcome(document: unknown): unknown {
  const checked = checkDocument(document, connectors);
  return checked.ok ? checked.servers.length >= 0 : checked.faults.length > 0;
}

test("any data at all is either settings or faults", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (document) => outcome(document) === true),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.anything({ maxDepth: 4 }), (document) => outcome(document) === true),
    { numRuns: 300 },
  );
});

test("any text at all is either a document or faults", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc
          .array(fc.constantFrom("a", ":", " ", "\n", "-", "[", "{", "&a", "*a", "<<", "!", "|", "'", '"', "\t"))
          .map((parts) => parts.join("")),
      ),
      (text) => {
        const read = parseText(text);
        return read.ok ? read.document.lineOf(["servers", 0, "id"]) !== 0 : read.faults.length > 0;
      },
    ),
    { numRuns: 500 },
  );
});

test("any one value of the documented example replaced by any other never throws, and its fault is at that place", () => {
  const example: unknown = parse(exampleFile);
  const places = [...placesOf(example)];
  expect(places.length).toBeGreaterThan(80);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
      const document = structuredClone(example);
      const holder = path
        .slice(0, -1)
        .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], document);
      (holder as Record<string, unknown>)[path.at(-1)!] = value;
      const checked = checkDocument(document, connectors);
      if (checked.ok) return true;
      // Some faults of a value show at what surrounds it (two keys that exclude each other) or beside it (a host).
      return checked.faults.every((fault) => fault.path[0] === path[0]);
    }),
    { numRuns: 200 },
  );
});

function* placesOf(node: unknown, path: string[] = []): Generator<string[]> {
  if (path.length > 0) yield path;
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) yield* placesOf(value, [...path, key]);
}
