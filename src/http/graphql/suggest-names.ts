/** Names that a misspelt field or argument may have meant, among those of its own type in the caller's own graph. */
import { GraphQLError, isInterfaceType, isObjectType, type GraphQLSchema } from "graphql";
import { didYouMean, nearestNames } from "../../errors/nearest-names.ts";
import { TimeSlice } from "../../time-slice.ts";

/** graphql-js looks for suggestions across whole types for every error, which stalls the process for seconds. */
const MOST_SUGGESTIONS = 3;
const UNKNOWN_FIELD = /^Cannot query field "(\w+)" on type "(\w+)"/;
const UNKNOWN_ARGUMENT = /^Unknown argument "(\w+)" on field "(\w+)\.(\w+)"/;

/**
 * Puts `details.nearest` and a suggestion on the first errors about unknown fields and arguments. What the caller may
 * not see is not in its schema, so that it cannot be named.
 */
export async function suggestNames(
  errors: readonly GraphQLError[],
  schema: GraphQLSchema,
): Promise<readonly GraphQLError[]> {
  const slice = new TimeSlice();
  const suggested: GraphQLError[] = [];
  let left = MOST_SUGGESTIONS;
  for (const error of errors) {
    const unknown = left > 0 ? unknownIn(error.message, schema) : undefined;
    if (!unknown) {
      suggested.push(error);
      continue;
    }
    left -= 1;
    if (slice.isOver) await slice.pause();
    suggested.push(withNearest(error, nearestNames(unknown.name, unknown.candidates)));
  }
  return suggested;
}

function unknownIn(message: string, schema: GraphQLSchema): { name: string; candidates: string[] } | undefined {
  const field = UNKNOWN_FIELD.exec(message);
  if (field) return { name: field[1]!, candidates: Object.keys(fieldsOf(schema, field[2]!)) };
  const argument = UNKNOWN_ARGUMENT.exec(message);
  if (!argument) return undefined;
  const args = fieldsOf(schema, argument[2]!)[argument[3]!]?.args ?? [];
  return { name: argument[1]!, candidates: args.map(({ name }) => name) };
}

function fieldsOf(schema: GraphQLSchema, typeName: string) {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

function withNearest(error: GraphQLError, nearest: readonly string[]): GraphQLError {
  if (nearest.length === 0) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { ...error.extensions, details: { nearest }, ...didYouMean(nearest) },
  });
}
