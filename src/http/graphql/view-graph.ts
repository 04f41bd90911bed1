/** The graph of one permission view as the GraphQL door uses it; `schema/` builds it. */
import type { GraphQLField, GraphQLNamedType, GraphQLSchema } from "graphql";
import type { View } from "../../registry/view.ts";
import type { DocumentNames } from "./document-names.ts";
import type { ToolTexts } from "./graphql-context.ts";

export interface ViewGraph {
  /** Tool fields and their types are made when first read; {@link ViewGraph.make} makes them without a stall. */
  readonly schema: GraphQLSchema;
  readonly texts: ToolTexts;
  /** Number of tools in it. */
  readonly size: number;
  /** Would that view get the same graph? */
  fits(view: View): boolean;
  /** Makes what an operation with these names needs; resolves when it is there, and is no promise when little was missing. */
  make(names: DocumentNames): Promise<void> | undefined;
  /** Makes everything at once: for printing, and for small graphs. */
  complete(): void;
  /** Every type, those of tools made one by one and not kept: for introspection. */
  types(): Iterable<GraphQLNamedType>;
  /** The fields of a type that holds tools, likewise; absent for other types. */
  fieldsOf(type: GraphQLNamedType): Iterable<GraphQLField<unknown, unknown>> | undefined;
}
