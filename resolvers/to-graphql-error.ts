/** A catalogue error as a GraphQL error, where more is known than the door's `maskError` knows: the tool's effect. */
import { GraphQLError } from "graphql";
import type { Effect } from "../src/connector/tool.ts";
import type { CatalogueError } from "../src/errors/catalogue-error.ts";
import { graphqlErrorBody } from "../src/errors/error-body.ts";

/** `effect` decides whether a connection fault is retryable. Other resolvers throw catalogue errors as they are. */
export function toGraphqlError(error: CatalogueError, effect?: Effect): GraphQLError {
  const { message, ...extensions } = graphqlErrorBody(error, effect);
  return new GraphQLError(message, { extensions });
}
