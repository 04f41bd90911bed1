/** Writes the answer to an introspection piece by piece, so that other requests have their turn between the pieces. */
import {
  isListType,
  isNonNullType,
  isType,
  SchemaMetaFieldDef,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from "graphql";
import type { ViewGraph } from "../view-graph.ts";
import type { SelectedField, Selection } from "./select-fields.ts";

/** More was asked for than an introspection may hold. */
export class TooManyValues extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`more than ${limit} values`);
    this.limit = limit;
  }
}

/**
 * The answer as JSON text. graphql-js reads introspection from any schema, but in one go: 10,000 tools take it a second.
 * This reads the same resolvers; tools' types are made when their turn comes and dropped again.
 */
export function* writeIntrospection(graph: ViewGraph, selection: Selection, limit: number): Generator<string> {
  yield '{"data":';
  yield* new Writer(graph, limit).object(selection, undefined);
  yield "}";
}

class Writer {
  readonly #graph: ViewGraph;
  readonly #info: GraphQLResolveInfo;
  readonly #limit: number;
  #values = 0;

  constructor(graph: ViewGraph, limit: number) {
    this.#graph = graph;
    this.#limit = limit;
    // Resolvers of introspection read nothing else.
    this.#info = { schema: graph.schema } as GraphQLResolveInfo;
  }

  /** An object with long lists in it: in pieces. */
  *object(selection: Selection, source: unknown): Generator<string> {
    let before = "{";
    for (const selected of selection.fields) {
      yield before + selected.label;
      before = ",";
      if (selected.inner?.isWide || isLong(selected)) yield* this.#wide(selected, source);
      else yield this.#field(selection, selected, source);
    }
    yield before === "{" ? "{}" : "}";
  }

  *#wide(selected: SelectedField, source: unknown): Generator<string> {
    const value = this.#read(selected, source);
    const { inner } = selected;
    if (value === null || value === undefined || !inner) yield "null";
    else if (isIterable(value)) {
      let before = "[";
      for (const item of value) {
        yield before;
        before = ",";
        if (inner.isWide) yield* this.object(inner, item);
        else yield this.#text(inner, item);
      }
      yield before === "[" ? "[]" : "]";
    } else yield* this.object(inner, value);
  }

  #text(selection: Selection, source: unknown): string {
    let text = "";
    for (const selected of selection.fields)
      text += (text === "" ? "" : ",") + selected.label + this.#field(selection, selected, source);
    return `{${text}}`;
  }

  #field(selection: Selection, selected: SelectedField, source: unknown): string {
    if (!selected.field) return JSON.stringify(selection.type.name);
    return this.#value(selected.field.type, this.#read(selected, source), selected.inner);
  }

  #value(type: GraphQLOutputType, value: unknown, inner: Selection | undefined): string {
    if (isNonNullType(type)) return this.#value(type.ofType, value, inner);
    if (value === null || value === undefined) return "null";
    if (isListType(type)) {
      const items = Array.from(value as Iterable<unknown>, (item) => this.#value(type.ofType, item, inner));
      return `[${items.join(",")}]`;
    }
    // Names, texts and enum values, whose inner and outer forms are the same.
    return inner ? this.#text(inner, value) : JSON.stringify(value);
  }

  #read({ field, args }: SelectedField, source: unknown): unknown {
    this.#values += 1;
    if (this.#values > this.#limit) throw new TooManyValues(this.#limit);
    if (!field) return undefined;
    if (field.name === "types" && source === this.#graph.schema) return this.#graph.types();
    if (field.name === "fields" && isType(source)) {
      const made = this.#graph.fieldsOf(source as GraphQLNamedType);
      if (made) return made;
    }
    if (field === SchemaMetaFieldDef) return this.#graph.schema;
    return field.resolve?.(source, args, undefined, this.#info);
  }
}

function isLong({ field }: SelectedField): boolean {
  return field?.name === "types" || field?.name === "fields";
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
