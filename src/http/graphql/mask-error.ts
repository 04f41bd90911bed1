/** Decides what of an error inside the graph a caller may see: the request's faults as they are, our defects only by name. */
import { GraphQLError } from "graphql";
import type { Logger } from "pino";
import { catalogue } from "../../errors/catalogue.ts";
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import { graphqlErrorBody } from "../../errors/error-body.ts";

/** Every error that leaves has a code of the catalogue in `extensions.code`. */
export function maskError(thrown: unknown, log: Logger, correlationId?: string): GraphQLError {
  if (thrown instanceof GraphQLError) {
    const original = thrown.originalError ?? undefined;
    if (original === undefined) return isCoded(thrown) ? thrown : withCode(thrown, requestFault(thrown));
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

function isCoded({ extensions }: GraphQLError): boolean {
  return typeof extensions.code === "string" && Object.hasOwn(catalogue, extensions.code);
}

/** graphql's own errors have no code: those about the request point into it, those about a result do not. */
function codedExtensions(error: GraphQLError): Record<string, unknown> {
  if (isCoded(error)) return error.extensions;
  if (error.nodes !== undefined || error.path === undefined) return requestFault(error);
  return extensionsOf(new CatalogueError("DATA_TRANSFORMATION_ERROR", error.message));
}

function withCode(error: GraphQLError, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions,
  });
}

function extensionsOf(error: CatalogueError): Record<string, unknown> {
  const { message: _, ...extensions } = graphqlErrorBody(error);
  return extensions;
}

/** A document that does not parse or fit the schema, variables that do not fit it, a request that is none. */
export function requestFault({ message, extensions }: GraphQLError): Record<string, unknown> {
  const { code: _, ...more } = extensions;
  const fault = new CatalogueError("VALIDATION_ERROR", message, {
    acted: "no",
    suggestion: "Correct the operation; Tool.signature shows how a tool is called.",
  });
  return { ...extensionsOf(fault), ...more };
}
