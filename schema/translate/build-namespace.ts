/** Composes translated tools into the two object types of a namespace: reads on Query, the others on Mutation. */
import {
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
} from "graphql";
import { graphNames, shortHash } from "./graph-names.ts";
import type { TranslatedTool } from "./translate-tool.ts";

export interface NamespaceOptions {
  /** For example `JiraQueries`; names of types that no tool's type can have, since those hold an underscore. */
  readonly queryTypeName: string;
  readonly mutationTypeName: string;
  readonly tools: readonly TranslatedTool[];
  /** The resolver of a tool's field: returns the tool's output as the tool gave it. Asked once a field. */
  resolve(toolName: string): GraphQLFieldResolver<unknown, unknown>;
}

export interface Namespace {
  /** Absent when no tool of the namespace reads. */
  readonly queryFields?: GraphQLObjectType;
  /** Absent when every tool only reads. */
  readonly mutationFields?: GraphQLObjectType;
  readonly fieldNames: ReadonlyMap<string, string>;
}

/**
 * Cheap: tools are translated when their fields are first asked for, and translated tools are shared between views.
 *
 * @example
 * const { queryFields } = buildNamespace({ queryTypeName: "JiraQueries", mutationTypeName: "JiraMutations", tools, resolve });
 */
export function buildNamespace(options: NamespaceOptions): Namespace {
  const tools = [...new Map(options.tools.map((tool) => [tool.toolName, tool])).values()];
  const fieldNames = fieldNamesOf(tools);
  const distinct = withDistinctTypes(tools);
  const typeOf = (name: string, members: readonly TranslatedTool[]) =>
    new GraphQLObjectType<unknown, unknown>({
      name,
      fields: () => {
        const entries = members.map((tool) => [
          fieldNames.get(tool.toolName) ?? tool.fieldName,
          fieldOf(tool, options.resolve(tool.toolName)),
        ]);
        return Object.fromEntries(entries) as GraphQLFieldConfigMap<unknown, unknown>;
      },
    });
  const reads = distinct.filter(({ effect }) => effect === "read");
  const writes = distinct.filter(({ effect }) => effect !== "read");
  return {
    ...(reads.length > 0 && { queryFields: typeOf(options.queryTypeName, reads) }),
    ...(writes.length > 0 && { mutationFields: typeOf(options.mutationTypeName, writes) }),
    fieldNames,
  };
}

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

function fieldNamesOf(tools: readonly TranslatedTool[]): ReadonlyMap<string, string> {
  const names = new Map(tools.map(({ toolName, fieldName }) => [toolName, fieldName]));
  const distinct = new Set(names.values()).size === names.size;
  return distinct ? names : graphNames(names.keys());
}

/** Tools whose names differ only in spelling (`create_issue`, `create-issue`) get types with a suffix of their own. */
function withDistinctTypes(tools: readonly TranslatedTool[]): TranslatedTool[] {
  const counts = new Map<string, number>();
  for (const { typeName } of tools) counts.set(typeName, (counts.get(typeName) ?? 0) + 1);
  return tools.map((tool) => {
    const meets = (counts.get(tool.typeName) ?? 0) > 1;
    return meets ? tool.renamed(`_t${shortHash(tool.toolName)}`) : tool;
  });
}
