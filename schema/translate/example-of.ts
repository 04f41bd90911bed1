/** Writes a complete operation that calls a tool and runs as it stands. */
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from "graphql";
import type { ToolExample } from "../../src/connector/tool.ts";
import type { TranslatedTool } from "./translate-tool.ts";
import { writeLiteral } from "./write-literal.ts";

const deepestSelection = 3;
const mostFields = 15;

/**
 * Arguments come from the tool's first example that GraphQL can say, else required ones are filled from the schema's
 * examples, defaults and enums, else with a value of the right type.
 *
 * @example
 * exampleOf(searchIssues, "jira", searchIssues.examples);
 * // 'query { jira { searchIssues(jql: "project = DAWS") { issues { key summary } isLast } } }'
 */
export function exampleOf(
  tool: TranslatedTool,
  namespaceField: string,
  examples: readonly ToolExample[] = [],
  fieldName = tool.fieldName,
): string {
  const args = argumentsFrom(tool, examples);
  const list = args.length > 0 ? `(${args.join(", ")})` : "";
  const operation = tool.effect === "read" ? "query" : "mutation";
  const selection = selectionOf(getNamedType(tool.type), []);
  return `${operation} { ${namespaceField} { ${fieldName}${list}${selection} } }`;
}

function argumentsFrom(tool: TranslatedTool, examples: readonly ToolExample[]): string[] {
  for (const { input } of examples) {
    const written = writeArguments(tool, input);
    if (written.every(({ literal }) => literal !== undefined))
      return written.map(({ name, literal }) => `${name}: ${literal}`);
  }
  return writeArguments(tool, tool.sampleInput()).flatMap(({ name, type, literal }) => {
    if (literal !== undefined) return `${name}: ${literal}`;
    return isNonNullType(type) ? `${name}: ${plausible(type, name, [])}` : [];
  });
}

/** The arguments that the input gives or the tool requires; without a literal where GraphQL cannot say the value. */
function writeArguments(tool: TranslatedTool, input: Readonly<Record<string, unknown>>) {
  const values = tool.toArguments(input);
  return Object.entries(tool.args)
    .filter(([name, { type }]) => Object.hasOwn(values, name) || isNonNullType(type))
    .map(([name, { type }]) => ({
      name,
      type,
      literal: Object.hasOwn(values, name) ? writeLiteral(values[name], type) : undefined,
    }));
}

/** A literal of the right type, where the schema's own examples are of another. */
function plausible(type: GraphQLInputType, name: string, above: readonly unknown[]): string {
  if (isNonNullType(type)) return plausible(type.ofType, name, above);
  if (isListType(type)) return `[${plausible(type.ofType, name, above)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? "null";
  if (!isInputObjectType(type)) return plausibleScalar(type.name, name);
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf
    ? fields.filter((field) => !above.includes(getNamedType(field.type))).slice(0, 1)
    : fields.filter((field) => isNonNullType(field.type));
  return `{${chosen.map((field) => `${field.name}: ${plausible(field.type, field.name, [...above, type])}`).join(", ")}}`;
}

function plausibleScalar(scalar: string, name: string): string {
  switch (scalar) {
    case "Int":
    case "SafeInt":
    case "Float":
      return "1";
    case "Boolean":
      return "true";
    case "JSON":
      return "{}";
    default:
      return JSON.stringify(name);
  }
}

/** A selection of leaves, to a modest depth; `raw` where there is nothing else. */
function selectionOf(type: GraphQLNamedType, above: readonly unknown[]): string {
  if (isLeafType(type)) return "";
  return ` { ${isUnionType(type) ? membersOf(type.getTypes(), above) : fieldsOf(type, above, new Map())} }`;
}

function fieldsOf(type: GraphQLNamedType, above: readonly unknown[], seen: Map<string, string>): string {
  if (!isObjectType(type)) return "__typename";
  const chosen: string[] = [];
  for (const field of Object.values(type.getFields())) {
    const named = getNamedType(field.type);
    if (field.name === "raw" || chosen.length >= mostFields) continue;
    const known = seen.get(field.name);
    // Members of a union may not give one name two types.
    if (known !== undefined && known !== String(field.type)) continue;
    if (!isLeafType(named) && (above.length + 1 >= deepestSelection || above.includes(named) || named === type))
      continue;
    seen.set(field.name, String(field.type));
    chosen.push(`${field.name}${selectionOf(named, [...above, type])}`);
  }
  return chosen.length > 0 ? chosen.join(" ") : "raw";
}

function membersOf(types: readonly GraphQLObjectType[], above: readonly unknown[]): string {
  const seen = new Map<string, string>([["__typename", "String!"]]);
  const members = types.slice(0, 4).map((type) => `... on ${type.name} { ${fieldsOf(type, above, seen)} }`);
  return ["__typename", ...members].join(" ");
}
