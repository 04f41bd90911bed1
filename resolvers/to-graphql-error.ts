/** A catalogue error as a GraphQL error: the message to read, the code and all its facts in `extensions`. */
import { GraphQLError } from "graphql";
import type { Effect } from "../src/connector/tool.ts";
import type { CatalogueError } from "../src/errors/catalogue-error.ts";
import { graphqlErrorBody } from "../src/errors/error-body.ts";

/** `effect` decides whether a connection fault is retryable. Never given an original error: Yoga would mask it. */
export function toGraphqlError(error: CatalogueError, effect?: Effect): GraphQLError {
  const { message, ...extensions } = graphqlErrorBody(error, effect);
  return new GraphQLError(message, { extensions });
}
