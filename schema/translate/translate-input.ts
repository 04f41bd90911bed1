/** Translates the input schema of one tool: its properties become arguments. */
import type { GraphQLFieldConfigArgumentMap } from "graphql";
import type { JsonSchema } from "../../src/connector/json-schema.ts";
import { JSONScalar } from "../scalars.ts";
import type { Fallbacks } from "./fallback.ts";
import type { InputFields } from "./input-plan.ts";
import { fieldConfigs, InputTypes } from "./input-types.ts";
import { isObject } from "../../src/is-object.ts";
import { keyword, SchemaDocument } from "./schema-document.ts";
import { ShapeReader } from "./shape-reader.ts";
import type { TypeNames } from "./type-names.ts";

export interface TranslatedInput {
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly fields: InputFields;
  /** The one argument that stands for the whole input, where there are no properties to tell. */
  readonly whole: string | undefined;
  readonly typed: boolean;
}

export function translateInput(schema: JsonSchema, names: TypeNames, fallbacks: Fallbacks): TranslatedInput {
  const reader = new ShapeReader(new SchemaDocument(schema));
  const object = reader.readRoot();
  if (!object) {
    fallbacks.add("", "is not an object with properties");
    return wholeInput("The tool's whole input.", false);
  }
  if (object.properties.size === 0) {
    const none = !object.open && isObject(schema) && isObject(keyword(schema, "properties"));
    if (none) return { args: {}, fields: { fields: [] }, whole: undefined, typed: true };
    fallbacks.add("", "is a free-form object");
    return wholeInput("The tool's whole input, a free-form object.", false);
  }
  const fields = new InputTypes(reader, names, fallbacks).fields(object);
  return { args: fieldConfigs(fields), fields, whole: undefined, typed: true };
}

/** One JSON argument that stands for everything. */
export function wholeInput(description: string, typed: boolean): TranslatedInput {
  return { args: { input: { type: JSONScalar, description } }, fields: { fields: [] }, whole: "input", typed };
}
