/** The refusals of introspection that would be out of proportion: each with the number, the limit and what to use instead. */
import { GraphQLError } from "graphql";

/** Graphs of more tools answer introspection only in an operation of its own. */
const MOST_TOOLS_BESIDE_DATA = 50;

const suggestion =
  "Find tools with searchTools and read their Tool.signature or Tool.sdl, or ask for one type with __type(name).";

/** Introspection that the executor would have to answer in one go: beside data, or in a stream. */
export function refuseLargeIntrospection(tools: number): GraphQLError | undefined {
  if (tools <= MOST_TOOLS_BESIDE_DATA) return undefined;
  return new GraphQLError(
    `A graph of ${tools} tools answers introspection only in an operation of its own and as JSON; the limit is ${MOST_TOOLS_BESIDE_DATA} tools.`,
    { extensions: { details: { measure: "tools", actual: tools, limit: MOST_TOOLS_BESIDE_DATA }, suggestion } },
  );
}

/** Introspection that asks for the same things over and over. */
export function refuseLongIntrospection(limit: number): GraphQLError {
  return new GraphQLError(`The introspection holds more values than the limit of ${limit}.`, {
    extensions: { details: { measure: "introspection values", actual: limit + 1, limit }, suggestion },
  });
}
