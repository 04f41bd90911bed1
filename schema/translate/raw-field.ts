/** The field `raw` of every result type: the value as the tool gave it, whatever its form. */
import type { GraphQLFieldConfig } from "graphql";
import { JSONScalar } from "../scalars.ts";

export const rawField: GraphQLFieldConfig<unknown, unknown> = {
  type: JSONScalar,
  description: "The whole value as the tool gave it.",
  resolve: (source) => source,
};
