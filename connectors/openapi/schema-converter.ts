/** Turns the schemas of an API document into JSON Schema 2020-12, for one side: what is sent, or what is answered. */
import type { JsonSchema } from "../../src/index.ts";
import type { ApiDocument } from "./api-document.ts";
import { entriesOf, isObject, listOf, own, type Json } from "./plain-data.ts";
import { isOfTypes, plainKeywords, typesOf, unknownType, valuesOf } from "./schema-keywords.ts";

export type Side = "input" | "output";
export type Schema = JsonSchema | boolean;

/** A converted schema with what it leans on. */
export interface Part {
  readonly schema: Schema;
  /** The references in it, by their key among the definitions. */
  readonly references: ReadonlyMap<string, string>;
  /** What could not be taken over, for an operator. */
  readonly notes: ReadonlySet<string>;
}

interface Work {
  readonly references: Map<string, string>;
  readonly notes: Set<string>;
}

/** Schemas within schemas, written in place. */
const DEEPEST = 100;
/** An example is there to be read. */
const LONGEST_EXAMPLE = 1_000;

const annotations: ReadonlySet<string> = new Set(["description", "default", "deprecated"]);

export class SchemaConverter {
  readonly #document: ApiDocument;
  readonly side: Side;
  readonly #definitions = new Map<string, Part>();

  constructor(document: ApiDocument, side: Side) {
    this.#document = document;
    this.side = side;
  }

  /** Converts a schema; every reference in it becomes one to `#/$defs`. */
  convert(schema: unknown): Part {
    const work: Work = { references: new Map(), notes: new Set() };
    try {
      return { schema: this.#schema(schema, work, 0, new Set()), ...work };
    } catch (error) {
      // The last line: a schema that breaks the reader is left open, and costs no other its form.
      const reason = error instanceof Error ? error.message.slice(0, 200) : "unknown failure";
      return {
        schema: {},
        references: new Map(),
        notes: new Set([`a schema could not be read and was left open: ${reason}`]),
      };
    }
  }

  /** What a reference leads to, converted once however many tools use it. */
  definition(key: string, reference: string): Part {
    let part = this.#definitions.get(key);
    if (!part) this.#definitions.set(key, (part = this.convert(this.#document.resolve(reference))));
    return part;
  }

  #schema(schema: unknown, work: Work, depth: number, unasked: ReadonlySet<string>): Schema {
    if (typeof schema === "boolean") return schema;
    if (!isObject(schema)) {
      if (schema !== undefined) work.notes.add("a schema that is none was left open");
      return {};
    }
    if (depth > DEEPEST) {
      work.notes.add("what is nested too deeply was left open");
      return {};
    }
    if (Object.hasOwn(schema, "$ref")) return this.#reference(schema, work, depth, unasked);
    return this.#keywords(schema, work, depth, unasked);
  }

  /** Before 3.1 nothing counts beside a reference; what only describes, and `nullable`, is meant all the same. */
  #reference(schema: Json, work: Work, depth: number, unasked: ReadonlySet<string>): Schema {
    const { $ref: reference, ...beside } = schema;
    const isModern = this.#document.version === "3.1";
    const kept = isModern
      ? beside
      : Object.fromEntries(Object.entries(beside).filter(([name]) => annotations.has(name)));
    const rest = this.#keywords(kept, work, depth, unasked) as JsonSchema;
    if (typeof reference !== "string" || this.#document.resolve(reference) === undefined) {
      const name = typeof reference === "string" ? `'${reference.slice(0, 80)}'` : "something that is not a text";
      work.notes.add(`a reference to ${name}, which is not in the document, was left open`);
      return rest;
    }
    const key = this.#document.keyOf(reference);
    work.references.set(key, reference);
    const referring = { $ref: `#/$defs/${key}` };
    if (own(beside, "nullable") === true && !isModern) return { ...rest, anyOf: [referring, { type: "null" }] };
    return { ...rest, ...referring };
  }

  #keywords(schema: Json, work: Work, depth: number, unasked: ReadonlySet<string>): Schema {
    const types = typesOf(schema);
    const unknown = unknownType(schema);
    if (unknown !== undefined) work.notes.add(`the type '${unknown}' is unknown and was left open`);
    const nullable = own(schema, "nullable") === true;
    const values = valuesOf(schema, types, nullable && types !== undefined);
    const silent = this.#unasked(schema, unasked);
    const below = (value: unknown, inherited: ReadonlySet<string> = new Set()) =>
      this.#schema(value, work, depth + 1, inherited);
    const converted: JsonSchema = Object.fromEntries([
      ...typeKeyword(schema, types, nullable),
      ...plainKeywords(schema),
      ...(values ? [["enum", values] as const] : []),
      ...this.#samples(schema, types),
      ...this.#objectKeywords(schema, silent, below),
      ...arrayKeywords(schema, below),
      ...this.#combinations(schema, work, silent, below),
    ]);
    // Null is said beside a type; where there is none, beside everything.
    if (!nullable || types !== undefined || !isCombined(converted)) return converted;
    return { anyOf: [converted, { type: "null" }] };
  }

  /** Names that this side never carries: what the server sets is not asked for, what it keeps to itself is not answered. */
  #unasked(schema: Json, inherited: ReadonlySet<string>): ReadonlySet<string> {
    const names = new Set(inherited);
    const seen = new Set<unknown>();
    const add = (from: unknown): void => {
      const part = this.#document.follow(from);
      if (!part || seen.has(part)) return;
      seen.add(part);
      for (const [name, property] of entriesOf(own(part, "properties"))) if (this.#isHidden(property)) names.add(name);
      for (const branch of listOf(own(part, "allOf"))) add(branch);
    };
    add(schema);
    return names;
  }

  #isHidden(property: unknown): boolean {
    const flag = this.side === "input" ? "readOnly" : "writeOnly";
    return own(property, flag) === true || own(this.#document.follow(property), flag) === true;
  }

  #samples(schema: Json, types: readonly string[] | undefined): [string, unknown][] {
    const fits = (value: unknown) => value !== undefined && isOfTypes(value, types);
    const samples: [string, unknown][] = [];
    const given = own(schema, "default");
    if (fits(given)) samples.push(["default", given]);
    if (this.side === "output") return samples;
    const examples = [...listOf(own(schema, "examples")), own(schema, "example")].filter(fits).slice(0, 3);
    const short = examples.filter((value) => (JSON.stringify(value)?.length ?? Infinity) <= LONGEST_EXAMPLE);
    if (short.length > 0) samples.push(["examples", short]);
    return samples;
  }

  #objectKeywords(schema: Json, unasked: ReadonlySet<string>, below: Below): [string, unknown][] {
    const keywords: [string, unknown][] = [];
    const shown = entriesOf(own(schema, "properties")).filter(([, property]) => !this.#isHidden(property));
    if (isObject(own(schema, "properties"))) {
      keywords.push(["properties", Object.fromEntries(shown.map(([name, property]) => [name, below(property)]))]);
    }
    const required = new Set(listOf(own(schema, "required")).filter((name) => typeof name === "string"));
    const asked = [...required].filter((name) => !unasked.has(name));
    if (asked.length > 0) keywords.push(["required", asked]);
    for (const name of ["patternProperties", "dependentSchemas"]) {
      const named = entriesOf(own(schema, name)).map(([key, value]) => [key, below(value)] as const);
      if (named.length > 0) keywords.push([name, Object.fromEntries(named)]);
    }
    const others = own(schema, "additionalProperties");
    if (typeof others === "boolean" || isObject(others)) keywords.push(["additionalProperties", below(others)]);
    // Any schema built upon this one may stand in its place, with properties of its own.
    else if (isObject(own(schema, "discriminator")) && !hasAlternatives(schema))
      keywords.push(["additionalProperties", true]);
    if (Object.hasOwn(schema, "propertyNames")) keywords.push(["propertyNames", below(schema.propertyNames)]);
    return keywords;
  }

  #combinations(schema: Json, work: Work, unasked: ReadonlySet<string>, below: Below): [string, unknown][] {
    const keywords: [string, unknown][] = [];
    const all = listOf(own(schema, "allOf"));
    if (all.length > 0) keywords.push(["allOf", all.map((branch) => below(branch, unasked))]);
    for (const name of ["anyOf", "oneOf"]) {
      const branches = nullSpelt(listOf(own(schema, name)));
      if (branches.length > 0)
        keywords.push([name, branches.map((branch) => this.#told(schema, branch, below(branch)))]);
    }
    for (const name of ["not", "if", "then", "else", "contains", "unevaluatedItems", "unevaluatedProperties"]) {
      if (Object.hasOwn(schema, name)) keywords.push([name, below(schema[name])]);
    }
    if (Object.hasOwn(schema, "const")) keywords.push(["const", schema.const]);
    if (Object.hasOwn(schema, "$dynamicRef")) work.notes.add("a dynamic reference was left open");
    return keywords;
  }

  /**
   * Adds what `discriminator` says of an alternative: the one value its property must have there. Only where a mapping
   * says it: that the schema's own name is the value, as the specification has it without one, is seldom so.
   */
  #told(schema: Json, branch: unknown, converted: Schema): Schema {
    const discriminator = own(schema, "discriminator");
    const property = own(discriminator, "propertyName");
    const reference = own(branch, "$ref");
    if (typeof property !== "string" || typeof reference !== "string" || !isObject(converted)) return converted;
    if (!Object.hasOwn(converted, "$ref")) return converted;
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    const mapped = entriesOf(own(discriminator, "mapping")).filter(([, to]) => to === reference || to === name);
    if (mapped.length === 0) return converted;
    const values = mapped.map(([value]) => value);
    const fixed = values.length === 1 ? { const: values[0] } : { enum: values };
    return { ...converted, properties: Object.fromEntries([[property, fixed]]), required: [property] };
  }
}

/** Before 3.1 there is no `null` to name: Microsoft's documents write "this object or none" with an alternative that allows any. */
function nullSpelt(branches: readonly unknown[]): readonly unknown[] {
  const isNone = (branch: unknown) =>
    isObject(branch) && Object.keys(branch).length === 2 && branch.type === "object" && branch.nullable === true;
  const isReference = (branch: unknown) => typeof own(branch, "$ref") === "string";
  if (branches.length !== 2 || !branches.some(isNone) || !branches.some(isReference)) return branches;
  return branches.map((branch) => (isNone(branch) ? { type: "null" } : branch));
}

type Below = (value: unknown, unasked?: ReadonlySet<string>) => Schema;

function typeKeyword(schema: Json, types: readonly string[] | undefined, nullable: boolean): [string, unknown][] {
  if (!types) return [];
  const all = nullable ? [...new Set([...types, "null"])] : types;
  const binary = own(schema, "format") === "binary" || own(schema, "type") === "file";
  return [
    ["type", all.length === 1 ? all[0] : all],
    ...(binary ? [["contentEncoding", "base64"] as [string, unknown]] : []),
  ];
}

function arrayKeywords(schema: Json, below: Below): [string, unknown][] {
  const keywords: [string, unknown][] = [];
  const items = own(schema, "items");
  const tuple = Array.isArray(items) ? items : listOf(own(schema, "prefixItems"));
  if (tuple.length > 0) keywords.push(["prefixItems", tuple.map((item) => below(item))]);
  if (typeof items === "boolean" || isObject(items)) keywords.push(["items", below(items)]);
  return keywords;
}

const hasAlternatives = (schema: Json): boolean =>
  listOf(own(schema, "oneOf")).length + listOf(own(schema, "anyOf")).length > 0;

const isCombined = (schema: JsonSchema): boolean =>
  ["enum", "properties", "items", "allOf", "anyOf", "oneOf", "additionalProperties"].some((name) =>
    Object.hasOwn(schema, name),
  );
