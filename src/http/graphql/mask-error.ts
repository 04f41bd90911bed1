/** Decides what of an error inside the graph a caller may see: the request's faults as they are, our defects only by name. */
import { GraphQLError } from "graphql";
import type { Logger } from "pino";
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import { graphqlErrorBody } from "../../errors/error-body.ts";

/** Every error that leaves has a code of the catalogue in `extensions.code`. */
export function maskError(thrown: unknown, log: Logger, correlationId?: string): GraphQLError {
  if (thrown instanceof GraphQLError) {
    const original = thrown.originalError ?? undefined;
    if (original === undefined)
      return thrown.extensions.code === undefined ? withCode(thrown, requestFault(thrown)) : thrown;
    if (original instanceof GraphQLError) return withCode(thrown, codedExtensions(original));
    if (original instanceof CatalogueError) return withCode(thrown, extensionsOf(original));
    // An argument's own coercion failed: the message names it.
    if (thrown.path === undefined) return withCode(thrown, requestFault(thrown));
  }
  log.error(
    { component: "graphql", err: thrown, ...(correlationId !== undefined && { correlation_id: correlationId }) },
    "resolver failed",
  );
  const error = toCatalogueError(thrown instanceof GraphQLError ? undefined : thrown);
  const known = error.code === "API_INTERNAL_ERROR" ? error : new CatalogueError("API_INTERNAL_ERROR", error.message);
  return new GraphQLError(known.message, {
    extensions: extensionsOf(known),
    ...(thrown instanceof GraphQLError && { nodes: thrown.nodes, path: thrown.path }),
  });
}

/** graphql's own errors have no code: those about the request point into it, those about a result do not. */
function codedExtensions(error: GraphQLError): Record<string, unknown> {
  if (error.extensions.code !== undefined) return error.extensions;
  if (error.nodes !== undefined || error.path === undefined) return requestFault(error);
  return extensionsOf(new CatalogueError("DATA_TRANSFORMATION_ERROR", error.message));
}

function withCode(error: GraphQLError, extensions: Record<string, unknown>): GraphQLError {
  const { http: _, ...rest } = extensions;
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: rest,
  });
}

function extensionsOf(error: CatalogueError): Record<string, unknown> {
  const { message: _, ...extensions } = graphqlErrorBody(error);
  return extensions;
}

/** A document that does not parse or fit the schema, or variables that do not fit it. */
export function requestFault(error: GraphQLError): Record<string, unknown> {
  return {
    ...extensionsOf(
      new CatalogueError("VALIDATION_ERROR", error.message, {
        acted: "no",
        suggestion: "Correct the operation; Tool.signature shows how a tool is called.",
      }),
    ),
    ...error.extensions,
  };
}
