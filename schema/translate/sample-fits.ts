/** Tells whether a value that a schema gives as its example is one by the schema's own words: many are not. */
import { isObject } from "../../src/is-object.ts";
import type { Place } from "./schema-document.ts";
import type { ShapeReader } from "./shape-reader.ts";
import type { ObjectFacts } from "./shape.ts";

const deepest = 20;

/**
 * Kinds, allowed values, and the names of properties; bounds and patterns are left to the tool.
 *
 * @example
 * // { "type": "object", "properties": { "a": { "type": "string" } }, "example": "{\"a\": \"text\"}" } gives a text
 */
export function sampleFits(reader: ShapeReader, places: readonly Place[], value: unknown, depth = 0): boolean {
  if (depth > deepest) return false;
  const { shape, nullable } = reader.read(places);
  if (value === null) return nullable;
  if ("values" in shape && shape.values && !(shape.values as readonly unknown[]).includes(value)) return false;
  switch (shape.kind) {
    case "integer":
      return Number.isInteger(value);
    case "list":
      return Array.isArray(value) && value.every((item) => sampleFits(reader, shape.item, item, depth + 1));
    case "object":
      return objectFits(reader, shape.object, value, depth);
    case "union": {
      const kind =
        isObject(value) && Object.hasOwn(value, shape.discriminator) ? value[shape.discriminator] : undefined;
      const variant = shape.variants.find((each) => each.value === kind);
      return variant !== undefined && objectFits(reader, variant.object, value, depth);
    }
    case "json":
      return true;
    default:
      return typeof value === shape.kind;
  }
}

function objectFits(reader: ShapeReader, object: ObjectFacts, value: unknown, depth: number): boolean {
  if (!isObject(value)) return false;
  if (![...object.required].every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, own]) => {
    const places = object.properties.get(name);
    return places ? sampleFits(reader, places, own, depth + 1) : object.open;
  });
}
