/** Makes values that a JSON Schema allows, mostly: the same for the same seed. What it cannot follow, it gets wrong. */
import type { JsonSchema } from "../../src/connector/json-schema.ts";
import { isObject } from "../../src/is-object.ts";

/** A generator of numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Deeper than this only what is required is filled in. */
const DEEP = 4;
const DEEPEST = 40;

const texts: Readonly<Record<string, string>> = {
  date: "2026-02-28",
  "date-time": "2026-02-28T23:59:59.999Z",
  email: "zoë@example.com",
  uri: "https://example.com/a?b=c&d=%20",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
  byte: "AAEC/w==",
  binary: "AAEC/w==",
};
const anyText = ["", "a b", "日本語", '"quoted" \\ back', "line\nbreak", "null", "1", "😀", "__proto__"];

export function anyValue(schema: JsonSchema, random: () => number): unknown {
  return new Making(schema, random).value(schema, 0, undefined);
}

class Making {
  readonly #root: JsonSchema;
  readonly #random: () => number;

  constructor(root: JsonSchema, random: () => number) {
    this.#root = root;
    this.#random = random;
  }

  value(schema: unknown, depth: number, also: Record<string, unknown> | undefined): unknown {
    if (!isObject(schema) || depth > DEEPEST) return schema === false ? null : this.#anything(depth);
    const whole = this.#merged(schema, depth);
    if (also) Object.assign(whole, also);
    if (Object.hasOwn(whole, "const")) return whole.const;
    if (Array.isArray(whole.enum) && whole.enum.length > 0) return this.#one(whole.enum);
    for (const name of ["oneOf", "anyOf"]) {
      const branches = whole[name];
      if (!Array.isArray(branches) || branches.length === 0) continue;
      const { [name]: _, ...rest } = whole;
      const branch = depth > DEEP ? (branches as unknown[])[0] : this.#one(branches as unknown[]);
      if (branch === true || branch === false) return this.value(rest, depth + 1, undefined);
      return this.value({ allOf: [rest, branch] }, depth + 1, undefined);
    }
    const types = Array.isArray(whole.type) ? whole.type : [whole.type ?? kindOf(whole)];
    switch (depth > DEEP && types.includes("null") ? "null" : this.#one(types)) {
      case "null":
        return null;
      case "boolean":
        return this.#random() < 0.5;
      case "integer":
        return this.#number(whole, true);
      case "number":
        return this.#number(whole, false);
      case "string":
        return this.#text(whole);
      case "array":
        return this.#list(whole, depth);
      case "object":
        return this.#object(whole, depth);
      default:
        return this.#anything(depth);
    }
  }

  /** A schema with its reference followed and its `allOf` laid together. */
  #merged(schema: Record<string, unknown>, depth: number): Record<string, unknown> {
    const { $ref, allOf, ...own } = schema;
    let whole: Record<string, unknown> = own;
    const parts = [
      ...(typeof $ref === "string" ? [this.#resolve($ref)] : []),
      ...(Array.isArray(allOf) ? (allOf as unknown[]) : []),
    ];
    for (const part of parts) {
      if (!isObject(part) || depth > DEEPEST) continue;
      const other = this.#merged(part, depth + 1);
      whole = {
        ...other,
        ...whole,
        ...bothTypes(other.type, whole.type),
        ...((isObject(other.properties) || isObject(whole.properties)) && {
          properties: this.#bothProperties(other.properties, whole.properties),
        }),
        ...((other.required ?? whole.required) !== undefined && {
          required: [...new Set([...listOf(other.required), ...listOf(whole.required)])],
        }),
      };
    }
    return whole;
  }

  #bothProperties(one: unknown, other: unknown): Record<string, unknown> {
    const all = new Map(isObject(one) ? Object.entries(one) : []);
    for (const [name, schema] of isObject(other) ? Object.entries(other) : []) {
      all.set(name, all.has(name) ? { allOf: [all.get(name), schema] } : schema);
    }
    return Object.fromEntries(all);
  }

  #resolve(reference: string): unknown {
    const definitions = this.#root.$defs;
    const name = reference.slice("#/$defs/".length);
    return isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  }

  #object(schema: Record<string, unknown>, depth: number): Record<string, unknown> {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = new Set(listOf(schema.required));
    const share = depth > DEEP ? 0 : depth > 1 ? 0.3 : 0.6;
    const chosen = Object.keys(properties).filter((name) => required.has(name) || this.#random() < share);
    const entries = chosen
      .slice(0, Math.max(required.size, 25))
      .map((name): [string, unknown] => [name, properties[name]]);
    for (const name of required)
      if (!entries.some(([chosen]) => chosen === name))
        entries.push([String(name), properties[String(name)] ?? schema.additionalProperties]);
    const others = schema.additionalProperties;
    if ((others === true || isObject(others)) && depth <= DEEP) entries.push(["some other name", others]);
    return Object.fromEntries(entries.map(([name, property]) => [name, this.value(property, depth + 1, undefined)]));
  }

  #list(schema: Record<string, unknown>, depth: number): unknown[] {
    const least = numberOf(schema.minItems) ?? 0;
    const most = Math.min(numberOf(schema.maxItems) ?? 3, Math.max(least, 3));
    const count = depth > DEEP ? least : Math.max(least, Math.floor(this.#random() * (most + 1)));
    const tuple = listOf(schema.prefixItems);
    const items = Array.from({ length: Math.min(count, 50) }, (_, index) =>
      this.value(tuple[index] ?? schema.items, depth + 1, undefined),
    );
    if (schema.uniqueItems !== true) return items;
    return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
  }

  #number(schema: Record<string, unknown>, whole: boolean): number {
    const narrow = schema.format === "int32" ? 2 ** 31 - 1 : 2 ** 53 - 1;
    let low = numberOf(schema.minimum) ?? -Infinity;
    let high = numberOf(schema.maximum) ?? Infinity;
    const above = numberOf(schema.exclusiveMinimum);
    const below = numberOf(schema.exclusiveMaximum);
    const step = numberOf(schema.multipleOf) ?? 1;
    if (above !== undefined) low = Math.max(low, above + (whole ? 1 : Math.abs(above) * 1e-6 + 1e-6));
    if (below !== undefined) high = Math.min(high, below - (whole ? 1 : Math.abs(below) * 1e-6 + 1e-6));
    const edges = [0, 1, -1, 7, 100, low, high, narrow, -narrow].filter(
      (edge) => Number.isFinite(edge) && edge >= low && edge <= high,
    );
    const value = this.#one(edges.length > 0 ? edges : [low]);
    if (!whole) return this.#random() < 0.3 && value + 0.5 <= high && step === 1 ? value + 0.5 : value;
    const steps = Math.ceil(Math.max(low, Math.min(value, 2 ** 53 - 1)) / step) * step;
    return Number.isFinite(steps) ? steps : value;
  }

  #text(schema: Record<string, unknown>): string {
    const least = numberOf(schema.minLength) ?? 0;
    const most = numberOf(schema.maxLength) ?? 10_000;
    const known = typeof schema.format === "string" ? texts[schema.format] : undefined;
    const example = listOf(schema.examples).find((each) => typeof each === "string");
    const text =
      known ?? (typeof schema.pattern === "string" ? (example ?? ofPattern(schema.pattern)) : this.#one(anyText));
    return Array.from(text.padEnd(Math.min(least, 5_000), "x"))
      .slice(0, most)
      .join("");
  }

  #anything(depth: number): unknown {
    return this.#one<unknown>([
      true,
      12,
      "text",
      null,
      ...(depth > DEEP ? [] : [{ "any key": [1, { b: null }] }, ["x", []]]),
    ]);
  }

  #one<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)]!;
  }
}

/** A text for the commonest of patterns: a class repeated, or words to choose from. */
function ofPattern(pattern: string): string {
  const words = /^\^?\(?((?:[\w-]+\|)+[\w-]+)\)?\$?$/.exec(pattern)?.[1];
  if (words !== undefined) return words.split("|")[0]!;
  const count = Number(/\{(\d+)/.exec(pattern)?.[1] ?? 1);
  return (/\\d|0-9/.test(pattern) && !/[a-z]-[a-z]/i.test(pattern) ? "1" : "a").repeat(
    Math.min(Math.max(count, 1), 200),
  );
}

function bothTypes(one: unknown, other: unknown): { type?: unknown } {
  if (one === undefined || other === undefined) return {};
  const left = new Set(Array.isArray(one) ? one : [one]);
  const both = (Array.isArray(other) ? (other as unknown[]) : [other]).filter(
    (type) => left.has(type) || (type === "integer" && left.has("number")),
  );
  return both.length > 0 ? { type: both } : {};
}

function kindOf(schema: Record<string, unknown>): string | undefined {
  if (isObject(schema.properties) || schema.required !== undefined || isObject(schema.additionalProperties))
    return "object";
  return schema.items === undefined && schema.prefixItems === undefined ? undefined : "array";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
