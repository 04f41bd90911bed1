/** Builds the GraphQL result types of one tool from the shapes of its output schema: all nullable, nothing ever lost. */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  GraphQLString,
  GraphQLUnionType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  type GraphQLOutputType,
} from "graphql";
import { JSONScalar, SafeInt } from "../scalars.ts";
import type { Fallbacks } from "./fallback.ts";
import { graphNames } from "./graph-names.ts";
import { isObject } from "../../src/is-object.ts";
import { deepestNesting, longestDescription, mostObjectTypes } from "./limits.ts";
import { rawField } from "./raw-field.ts";
import {
  asBoolean,
  asInt32,
  asList,
  asNumber,
  asObject,
  asText,
  asWhole,
  ownValue,
  type Reader,
} from "./read-output.ts";
import type { Place } from "./schema-document.ts";
import type { ShapeReader } from "./shape-reader.ts";
import type { ObjectFacts, Reading, Shape } from "./shape.ts";
import type { TypeNames } from "./type-names.ts";

type UnionShape = Extract<Shape, { kind: "union" }>;
type Field = GraphQLFieldConfig<unknown, unknown>;

/** A result type and how a value that may not keep to the schema is read as it. */
export interface OutputPlan {
  readonly type: GraphQLOutputType;
  readonly read: Reader;
}

interface Position {
  readonly depth: number;
  readonly lists: readonly string[];
}

const free: OutputPlan = { type: JSONScalar, read: (value) => value ?? null };

export class OutputTypes {
  readonly #reader: ShapeReader;
  readonly #names: TypeNames;
  readonly #fallbacks: Fallbacks;
  readonly #objects = new Map<string, OutputPlan & { type: GraphQLObjectType }>();
  readonly #unions = new Map<string, OutputPlan>();

  constructor(reader: ShapeReader, names: TypeNames, fallbacks: Fallbacks) {
    this.#reader = reader;
    this.#names = names;
    this.#fallbacks = fallbacks;
  }

  object(object: ObjectFacts, depth = 0): OutputPlan & { type: GraphQLObjectType } {
    const known = this.#objects.get(object.pointer);
    if (known) return known;
    let fields: GraphQLFieldConfigMap<unknown, unknown> = {};
    const plan = {
      type: new GraphQLObjectType({
        name: this.#names.of(object.path, object.pointer),
        ...(object.description && { description: object.description.slice(0, longestDescription) }),
        fields: () => fields,
      }),
      read: asObject,
    };
    this.#objects.set(object.pointer, plan);
    fields = this.#fields(object, depth + 1);
    return plan;
  }

  #fields(object: ObjectFacts, depth: number): GraphQLFieldConfigMap<unknown, unknown> {
    const names = graphNames(object.properties.keys(), ["raw"]);
    const fields = new Map<string, Field>();
    for (const original of [...object.properties.keys()].sort()) {
      const places = object.properties.get(original) ?? [];
      const reading = this.#reader.read(places);
      const { type, read } = this.plan(places, reading, { depth, lists: [] });
      fields.set(original, {
        type,
        ...(reading.description && { description: reading.description.slice(0, longestDescription) }),
        resolve: (source) => read(ownValue(source, original)),
      });
    }
    // In the order the author wrote them in.
    const entries = [...object.properties.keys()].map((original) => [
      names.get(original) ?? original,
      fields.get(original) ?? rawField,
    ]);
    return { ...(Object.fromEntries(entries) as GraphQLFieldConfigMap<unknown, unknown>), raw: rawField };
  }

  plan(places: readonly Place[], reading: Reading, position: Position = { depth: 0, lists: [] }): OutputPlan {
    const { shape } = reading;
    const pointer = places[0]?.pointer ?? "";
    switch (shape.kind) {
      case "string":
        return { type: GraphQLString, read: asText };
      case "integer":
        return shape.narrow ? { type: GraphQLInt, read: asInt32 } : { type: SafeInt, read: asWhole };
      case "number":
        return { type: GraphQLFloat, read: asNumber };
      case "boolean":
        return { type: GraphQLBoolean, read: asBoolean };
      case "list":
        return this.#list(shape, pointer, position);
      case "object":
        return this.#bounded(shape.object.pointer, position.depth) ?? this.object(shape.object, position.depth);
      case "union":
        return this.#union(shape, position.depth);
      default:
        return this.#fallBack(pointer, shape.reason);
    }
  }

  #fallBack(pointer: string, reason: string): OutputPlan {
    this.#fallbacks.add(pointer, reason);
    return free;
  }

  #bounded(pointer: string, depth: number): OutputPlan | undefined {
    if (this.#objects.has(pointer)) return undefined;
    if (depth >= deepestNesting) return this.#fallBack(pointer, "is nested too deeply");
    if (this.#objects.size >= mostObjectTypes) return this.#fallBack(pointer, "is one object type too many");
    return undefined;
  }

  #list(shape: Extract<Shape, { kind: "list" }>, pointer: string, { depth, lists }: Position): OutputPlan {
    if (lists.includes(shape.pointer)) return this.#fallBack(pointer, "is a list of itself");
    if (lists.length >= 5) return this.#fallBack(pointer, "is nested in too many lists");
    const reading = this.#reader.read(shape.item);
    const item = this.plan(shape.item, reading, { depth, lists: [...lists, shape.pointer] });
    return { type: new GraphQLList(item.type), read: asList(item.read) };
  }

  /** A union by discriminator; a value of no known kind is an `Unknown` that still shows everything. */
  #union(union: UnionShape, depth: number): OutputPlan {
    const known = this.#unions.get(union.pointer);
    if (known) return known;
    const bounded = this.#bounded(`${union.pointer}?`, depth);
    if (bounded) return bounded;
    const types = new Map<string, GraphQLObjectType>();
    const unknown = new GraphQLObjectType({
      name: this.#names.of(union.path, union.pointer, "Unknown"),
      description: "A value of none of the known kinds.",
      fields: { raw: rawField },
    });
    const plan: OutputPlan = {
      type: new GraphQLUnionType({
        name: this.#names.of(union.path, union.pointer, "Union"),
        types: () => [...new Set(types.values()), unknown],
        resolveType: (value) => {
          const kind = isObject(value) ? ownValue(value, union.discriminator) : undefined;
          return (typeof kind === "string" ? types.get(kind)?.name : undefined) ?? unknown.name;
        },
      }),
      read: (value) => value ?? null,
    };
    this.#unions.set(union.pointer, plan);
    for (const { value, object } of union.variants.toSorted((a, b) => (a.value < b.value ? -1 : 1))) {
      const named = {
        ...object,
        path: object.pointer.startsWith(union.pointer) ? [...object.path, value] : object.path,
      };
      types.set(value, this.object(named, depth + 1).type);
    }
    return plan;
  }
}
