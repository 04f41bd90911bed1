/** The field `raw` of every result type: the value as the tool gave it, whatever its form. */
import type { GraphQLFieldConfig } from "graphql";
import { JSONScalar } from "../scalars.ts";

/** Executors want objects where the type is one; a result that is none travels in a box. */
class Box {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export function box(value: unknown): unknown {
  return value === null || value === undefined || typeof value === "object" ? value : new Box(value);
}

export function unbox(source: unknown): unknown {
  return source instanceof Box ? source.value : source;
}

export const rawField: GraphQLFieldConfig<unknown, unknown> = {
  type: JSONScalar,
  description: "The whole value as the tool gave it.",
  resolve: (source) => unbox(source),
};
