/** Translates the output schema of one tool: an object type that always offers the whole result as `raw`. */
import { GraphQLObjectType, GraphQLString } from "graphql";
import type { JsonSchema } from "../../src/connector/json-schema.ts";
import type { Fallbacks } from "./fallback.ts";
import { OutputTypes } from "./output-types.ts";
import { rawField } from "./raw-field.ts";
import { ownValue } from "./read-output.ts";
import { SchemaDocument } from "./schema-document.ts";
import { ShapeReader } from "./shape-reader.ts";
import { typePrefix, type TypeNames } from "./type-names.ts";

export interface TranslatedOutput {
  readonly type: GraphQLObjectType;
  /** Does the type have fields of the tool's own? */
  readonly typed: boolean;
}

export function translateOutput(schema: JsonSchema, names: TypeNames, fallbacks: Fallbacks): TranslatedOutput {
  const reader = new ShapeReader(new SchemaDocument(schema));
  const types = new OutputTypes(reader, names, fallbacks);
  const object = reader.readRoot();
  if (object && object.properties.size > 0) {
    return { type: types.object({ ...object, pointer: "", path: [] }).type, typed: true };
  }
  // Anything but an object with known fields: a type of its own, so that `raw` is always there.
  const root = [reader.document.root];
  const reading = reader.read(root);
  const value = types.plan(root, reading);
  const typed = reading.shape.kind !== "json";
  const field = reading.shape.kind === "list" ? "items" : "value";
  const type = new GraphQLObjectType({
    name: names.of([], "", "Result"),
    fields: {
      ...(typed && { [field]: { type: value.type, resolve: (source: unknown) => value.read(source) } }),
      raw: rawField,
    },
  });
  return { type, typed };
}

const genericResults = new Map<string, GraphQLObjectType>();

/** The result of tools that declare none: one type a prefix. */
export function genericResult(prefix: string): GraphQLObjectType {
  const known = genericResults.get(prefix);
  if (known) return known;
  const type = new GraphQLObjectType({
    name: `${typePrefix(prefix)}Result`,
    description: "The result of a tool that does not declare its form.",
    fields: {
      text: {
        type: GraphQLString,
        description: "The result's text, when it is or has one.",
        resolve: textOf,
      },
      json: { ...rawField, description: "The result as data." },
      raw: rawField,
    },
  });
  genericResults.set(prefix, type);
  return type;
}

function textOf(output: unknown): string | null {
  const text = typeof output === "string" ? output : ownValue(output, "text");
  return typeof text === "string" ? text : null;
}
