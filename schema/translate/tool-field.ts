/** The field of one translated tool: its type, its arguments, and the argument that makes a write exactly-once. */
import {
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldResolver,
} from "graphql";
import type { TranslatedTool } from "./translate-tool.ts";

/**
 * The argument of a write field that makes it exactly-once; it steps aside for a tool's own argument of that name.
 *
 * @example
 * requestIdArgument(createIssue); // "requestId"
 */
export function requestIdArgument(tool: TranslatedTool): string | undefined {
  if (tool.effect === "read") return undefined;
  let name = "requestId";
  if (Object.hasOwn(tool.args, name)) name = "gatewayRequestId";
  while (Object.hasOwn(tool.args, name)) name += "_";
  return name;
}

/** A field's arguments: the tool's own, and for writes the request id. */
export function fieldArguments(tool: TranslatedTool): GraphQLFieldConfigArgumentMap {
  const requestId = requestIdArgument(tool);
  if (requestId === undefined) return tool.args;
  const description = "Your own key for this write: sent again, it answers the first outcome and does nothing twice.";
  return { ...tool.args, [requestId]: { type: GraphQLString, description } };
}

/** The field of one tool; `resolver` returns the output as the tool gave it. */
export function fieldOf(
  tool: TranslatedTool,
  resolver: GraphQLFieldResolver<unknown, unknown>,
): GraphQLFieldConfig<unknown, unknown> {
  const requestId = requestIdArgument(tool);
  return {
    type: tool.type,
    description: tool.description,
    args: fieldArguments(tool),
    resolve: resolver,
    extensions: { toolName: tool.toolName, ...(requestId !== undefined && { requestIdArgument: requestId }) },
  };
}
