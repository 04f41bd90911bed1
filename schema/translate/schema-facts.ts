/** Gathers what one schema says together with everything that applies at the same time: `$ref`, `allOf`, conditions. */
import { isObject } from "../../src/is-object.ts";
import { keyword, type Place, type SchemaDocument, type SchemaObject } from "./schema-document.ts";

/** Everything that holds at once for a value at one place. */
export interface SchemaFacts {
  readonly place: Place;
  /** `undefined` when no `type` is given. */
  types: Set<string> | undefined;
  /** Of `enum` or `const`. */
  values: readonly unknown[] | undefined;
  readonly properties: Map<string, Place[]>;
  readonly required: Set<string>;
  open: boolean;
  items: Place[];
  tuple: boolean;
  minimum: number;
  maximum: number;
  objectLike: boolean;
  arrayLike: boolean;
  /** The `anyOf` and `oneOf` that apply. */
  readonly unions: Place[][];
  /** No value fits (`false`). */
  never: boolean;
  /** Why the schema cannot be read as it is written. */
  problem: string | undefined;
  description: string | undefined;
  default: { value: unknown } | undefined;
  examples: readonly unknown[] | undefined;
}

const structural = [
  "type",
  "properties",
  "patternProperties",
  "additionalProperties",
  "items",
  "prefixItems",
  "enum",
  "const",
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
] as const;

/** Does a schema only constrain what others describe (`{required: ["a"]}`)? */
export function isConstraintOnly({ schema }: Place): boolean {
  return schema === true || (isObject(schema) && !structural.some((name) => Object.hasOwn(schema, name)));
}

/** Follows references that add nothing of their own, so that every use of a definition is the same place. */
export function canonicalPlace(document: SchemaDocument, place: Place): Place {
  let current = place;
  for (let hops = 0; hops < 50; hops++) {
    const { schema } = current;
    if (!isObject(schema) || !Object.hasOwn(schema, "$ref")) return current;
    if (structural.some((name) => name !== "$ref" && Object.hasOwn(schema, name))) return current;
    const target = document.resolve(schema.$ref);
    if (!target) return current;
    current = target;
  }
  return current;
}

export function gatherFacts(document: SchemaDocument, at: Place): SchemaFacts {
  const facts: SchemaFacts = {
    place: canonicalPlace(document, at),
    types: undefined,
    values: undefined,
    properties: new Map(),
    required: new Set(),
    open: false,
    items: [],
    tuple: false,
    minimum: -Infinity,
    maximum: Infinity,
    objectLike: false,
    arrayLike: false,
    unions: [],
    never: false,
    problem: undefined,
    description: undefined,
    default: undefined,
    examples: undefined,
  };
  addSchema(document, at, facts, new Set());
  return facts;
}

function addSchema(document: SchemaDocument, place: Place, facts: SchemaFacts, seen: Set<string>): void {
  // What applies twice says nothing new; this also ends circles of references.
  if (seen.has(place.pointer)) return;
  seen.add(place.pointer);
  const { schema } = place;
  if (schema === true) return;
  if (schema === false) {
    facts.never = true;
    return;
  }
  if (!isObject(schema)) {
    facts.problem ??= "is not a schema";
    return;
  }
  addAnnotations(schema, facts);
  addValues(schema, facts);
  addObjectKeywords(document, place, schema, facts);
  addArrayKeywords(document, place, schema, facts);
  for (const name of ["anyOf", "oneOf"]) {
    const branches = document.listed(place, name);
    if (branches.length > 0) facts.unions.push(branches);
  }
  if (Object.hasOwn(schema, "$ref")) {
    const target = document.resolve(schema.$ref);
    if (target) addSchema(document, target, facts, seen);
    else facts.problem ??= `refers to ${nameOf(schema.$ref)}, which is not in this schema`;
  }
  if (Object.hasOwn(schema, "$dynamicRef") || Object.hasOwn(schema, "$recursiveRef")) {
    facts.problem ??= "uses a dynamic reference";
  }
  for (const part of document.listed(place, "allOf")) addSchema(document, part, facts, seen);
  for (const name of ["then", "else"]) addOptional(document, document.child(place, name), facts);
}

/** Properties that a condition may add: known, never required. */
function addOptional(document: SchemaDocument, place: Place, facts: SchemaFacts): void {
  for (const [name, property] of document.named(place, "properties")) addProperty(facts, name, property);
}

function addAnnotations(schema: SchemaObject, facts: SchemaFacts): void {
  const description = keyword(schema, "description") ?? keyword(schema, "title");
  if (typeof description === "string") facts.description ??= description;
  if (Object.hasOwn(schema, "default")) facts.default ??= { value: schema.default };
  const examples = keyword(schema, "examples");
  if (Array.isArray(examples) && examples.length > 0) facts.examples ??= examples;
}

function addValues(schema: SchemaObject, facts: SchemaFacts): void {
  const type = keyword(schema, "type");
  if (type !== undefined) {
    const own = new Set((Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string"));
    if (own.size === 0) facts.problem ??= "has a type that is not a name";
    facts.types = facts.types ? intersection(facts.types, own) : own;
  }
  if (keyword(schema, "nullable") === true) facts.types?.add("null");
  if (Object.hasOwn(schema, "const")) facts.values = [schema.const];
  else if (Array.isArray(keyword(schema, "enum"))) facts.values ??= schema.enum as unknown[];
  const narrow = keyword(schema, "format") === "int32";
  for (const name of ["minimum", "exclusiveMinimum"]) {
    const bound = keyword(schema, name);
    if (typeof bound === "number") facts.minimum = Math.max(facts.minimum, bound);
  }
  for (const name of ["maximum", "exclusiveMaximum"]) {
    const bound = keyword(schema, name);
    if (typeof bound === "number") facts.maximum = Math.min(facts.maximum, bound);
  }
  if (narrow) {
    facts.minimum = Math.max(facts.minimum, -(2 ** 31));
    facts.maximum = Math.min(facts.maximum, 2 ** 31 - 1);
  }
}

function intersection(left: Set<string>, right: Set<string>): Set<string> {
  const both = new Set([...left].filter((name) => right.has(name)));
  // An integer is a number.
  if ((left.has("number") && right.has("integer")) || (left.has("integer") && right.has("number"))) both.add("integer");
  return both;
}

function addObjectKeywords(document: SchemaDocument, place: Place, schema: SchemaObject, facts: SchemaFacts): void {
  for (const [name, property] of document.named(place, "properties")) addProperty(facts, name, property);
  const required = keyword(schema, "required");
  if (Array.isArray(required)) for (const name of required) if (typeof name === "string") facts.required.add(name);
  for (const name of ["additionalProperties", "unevaluatedProperties"]) {
    const rule = keyword(schema, name);
    if (rule === true || isObject(rule)) facts.open = true;
  }
  const patterns = keyword(schema, "patternProperties");
  if (isObject(patterns) && Object.keys(patterns).length > 0) facts.open = true;
  facts.objectLike ||= ["properties", "additionalProperties", "patternProperties", "propertyNames"].some((name) =>
    Object.hasOwn(schema, name),
  );
}

function addProperty(facts: SchemaFacts, name: string, property: Place): void {
  const known = facts.properties.get(name)?.filter((place) => !isConstraintOnly(place));
  if (!known || known.length === 0) facts.properties.set(name, [property]);
  else facts.properties.set(name, isConstraintOnly(property) ? known : [...known, property]);
}

function addArrayKeywords(document: SchemaDocument, place: Place, schema: SchemaObject, facts: SchemaFacts): void {
  const items = keyword(schema, "items");
  if (Array.isArray(items) || Object.hasOwn(schema, "prefixItems")) facts.tuple = true;
  else if (items !== undefined) facts.items.push(document.child(place, "items"));
  facts.arrayLike ||= items !== undefined || Object.hasOwn(schema, "prefixItems");
}

function nameOf(reference: unknown): string {
  return typeof reference === "string" ? `'${reference.slice(0, 80)}'` : "something that is not a text";
}
