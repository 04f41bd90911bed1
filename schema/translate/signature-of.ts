/** Writes a tool's field in the fewest words an agent needs to call it. */
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLInputType,
  type GraphQLOutputType,
} from "graphql";
import { fieldArguments } from "./tool-field.ts";
import type { TranslatedTool } from "./translate-tool.ts";

const deepest = 4;
const mostFields = 40;

/**
 * SDL in spirit: arguments and result with nested types written in place, `…` where one is left out.
 *
 * @example
 * signatureOf(searchIssues, "jira");
 * // "Query.jira.searchIssues(jql: String!, limit: Int): {issues: [{key: String, summary: String}], raw: JSON}"
 */
export function signatureOf(tool: TranslatedTool, namespaceField: string, fieldName = tool.fieldName): string {
  const args = Object.entries(fieldArguments(tool)).map(([name, argument]) => `${name}: ${valueText(argument, [])}`);
  const root = tool.effect === "read" ? "Query" : "Mutation";
  const list = args.length > 0 ? `(${args.join(", ")})` : "";
  return `${root}.${namespaceField}.${fieldName}${list}: ${outputText(tool.type, [])}`;
}

/** A type, with the allowed values in place of a scalar's name where only the schema knows them. */
function valueText(
  field: {
    readonly type: GraphQLInputType;
    readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  },
  above: readonly unknown[],
): string {
  const text = inputText(field.type, above);
  const values = field.extensions?.values;
  if (!Array.isArray(values)) return text;
  const allowed = shortened(values.map((value) => JSON.stringify(value))).join("|");
  return text.replace(/\w+(!?)/, (_, bang: string) => required(allowed, bang));
}

function inputText(type: GraphQLInputType, above: readonly unknown[]): string {
  if (isNonNullType(type)) {
    const text = inputText(type.ofType, above);
    return isEnumType(type.ofType) ? required(text, "!") : `${text}!`;
  }
  if (isListType(type)) return `[${inputText(type.ofType, above)}]`;
  if (isEnumType(type)) return shortened(type.getValues().map(({ name }) => name)).join("|");
  if (!isInputObjectType(type)) return type.name;
  if (above.includes(type) || above.length >= deepest) return "{…}";
  const fields = Object.values(type.getFields()).map((field) => `${field.name}: ${valueText(field, [...above, type])}`);
  return (type.isOneOf ? "one of " : "") + braces(fields);
}

/** Alternatives need parentheses before what is said of all of them. */
function required(alternatives: string, bang: string): string {
  return bang && alternatives.includes("|") ? `(${alternatives})${bang}` : alternatives + bang;
}

function outputText(type: GraphQLOutputType, above: readonly unknown[]): string {
  if (isNonNullType(type)) return outputText(type.ofType, above);
  if (isListType(type)) return `[${outputText(type.ofType, above)}]`;
  if (isUnionType(type)) {
    if (above.includes(type) || above.length >= deepest) return "{…}";
    const members = type.getTypes().map((member) => `${member.name} ${outputText(member, [...above, type])}`);
    return members.join(" | ");
  }
  if (!isObjectType(type)) return type.name;
  if (above.includes(type) || above.length >= deepest) return "{…}";
  // Every type has `raw`; saying it once is enough.
  const fields = Object.values(type.getFields()).filter(({ name }) => above.length === 0 || name !== "raw");
  return braces(fields.map((field) => `${field.name}: ${outputText(field.type, [...above, type])}`));
}

function braces(fields: readonly string[]): string {
  return `{${shortened(fields).join(", ")}}`;
}

function shortened(parts: readonly string[]): readonly string[] {
  return parts.length > mostFields ? [...parts.slice(0, mostFields), "…"] : parts;
}
