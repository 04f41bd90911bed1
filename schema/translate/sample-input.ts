/** Makes an input that a tool would plausibly accept, from what its schema says: for examples that run as they stand. */
import { gatherFacts } from "./schema-facts.ts";
import { isObject } from "../../src/is-object.ts";
import { sampleFits } from "./sample-fits.ts";
import { keyword, type Place } from "./schema-document.ts";
import type { ShapeReader } from "./shape-reader.ts";
import type { ObjectFacts } from "./shape.ts";

const deepest = 8;

const textOfFormat: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T09:00:00Z",
  time: "09:00:00Z",
  duration: "PT1H",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
};

/**
 * Required properties only, each from the schema's examples, default or enum, else a value of the right kind within
 * its bounds. Patterns are not followed: they come from strangers.
 *
 * @example
 * sampleInput(reader); // { jql: "jql", limit: 1 }
 */
export function sampleInput(reader: ShapeReader): Record<string, unknown> {
  const object = reader.readRoot();
  return object ? sampleObject(reader, object, 0) : {};
}

function sampleObject(
  reader: ShapeReader,
  { properties, required }: ObjectFacts,
  depth: number,
): Record<string, unknown> {
  if (depth > deepest) return {};
  const needed = [...properties].filter(([name]) => required.has(name));
  return Object.fromEntries(needed.map(([name, places]) => [name, sampleValue(reader, places, name, depth)]));
}

function sampleValue(reader: ShapeReader, places: readonly Place[], name: string, depth: number): unknown {
  const reading = reader.read(places);
  const given = [...(reading.examples ?? []), reading.default].find(
    (value) => value !== undefined && value !== null && sampleFits(reader, places, value),
  );
  if (given !== undefined) return given;
  const { shape } = reading;
  if ("values" in shape && shape.values && shape.values.length > 0) return shape.values[0];
  switch (shape.kind) {
    case "list":
      return sampleList(reader, places, shape.item, name, depth);
    case "object":
      return sampleObject(reader, shape.object, depth + 1);
    case "union": {
      const [variant] = shape.variants;
      return variant && { ...sampleObject(reader, variant.object, depth + 1), [shape.discriminator]: variant.value };
    }
    case "json":
      return sampleOfAny(reader, places, name, depth);
    default:
      return sampleScalar(reader, places, shape.kind, name);
  }
}

function sampleList(
  reader: ShapeReader,
  [place]: readonly Place[],
  item: readonly Place[],
  name: string,
  depth: number,
): unknown[] {
  if (depth > deepest) return [];
  const schema = place && isObject(place.schema) ? place.schema : {};
  const count = Math.min(Math.max(numberOf(schema, "minItems") ?? 1, 1), 5);
  return Array.from({ length: count }, () => sampleValue(reader, item, name, depth + 1));
}

/** Of several kinds of value the first. */
function sampleOfAny(reader: ShapeReader, places: readonly Place[], name: string, depth: number): unknown {
  const first = reader.members(places).find(({ kind }) => kind !== "null");
  if (!first) return null;
  if (first.values) return first.values[0];
  if (first.kind === "array") return [];
  if (first.kind === "any") return {};
  if (first.kind !== "object") return sampleScalar(reader, [first.facts.place], first.kind, name);
  return sampleObject(reader, { ...first.facts, pointer: "", path: [], description: "" }, depth + 1);
}

function sampleScalar(reader: ShapeReader, [place]: readonly Place[], kind: string, name: string): unknown {
  if (kind === "boolean") return true;
  const facts = place && gatherFacts(reader.document, place);
  const schema = facts && isObject(facts.place.schema) ? facts.place.schema : {};
  if (kind === "string") return sampleText(schema, name);
  const above = numberOf(schema, "exclusiveMinimum") === facts?.minimum ? 1 : 0;
  const low = Math.ceil((facts?.minimum ?? -Infinity) + above);
  return Math.min(Math.max(numberOf(schema, "multipleOf") ?? 1, low), facts?.maximum ?? Infinity);
}

function sampleText(schema: Readonly<Record<string, unknown>>, name: string): string {
  const format = keyword(schema, "format");
  const known = typeof format === "string" && Object.hasOwn(textOfFormat, format) ? textOfFormat[format] : undefined;
  const text = (known ?? (name || "text")).padEnd(Math.min(numberOf(schema, "minLength") ?? 0, 200), "x");
  return text.slice(0, numberOf(schema, "maxLength") ?? 200);
}

function numberOf(schema: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = keyword(schema, name);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
