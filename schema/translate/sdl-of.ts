/** Prints the slice of the schema that one tool needs: its field and every type reachable from it. */
import {
  getNamedType,
  GraphQLObjectType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  printType,
  type GraphQLNamedType,
} from "graphql";
import { fieldArguments } from "./tool-field.ts";
import type { TranslatedTool } from "./translate-tool.ts";

/**
 * Valid SDL; `parentType` is the namespace's type that holds the field.
 *
 * @example
 * sdlOf(searchIssues, "JiraQueries"); // 'type JiraQueries { searchIssues(jql: String!): Jira_SearchIssues } type Jira_SearchIssues …'
 */
export function sdlOf(tool: TranslatedTool, parentType: string, fieldName = tool.fieldName): string {
  const { type, description } = tool;
  const args = fieldArguments(tool);
  const parent = new GraphQLObjectType({ name: parentType, fields: { [fieldName]: { type, args, description } } });
  const reached = new Set<GraphQLNamedType>([parent]);
  // A set's iteration also visits what is added meanwhile.
  for (const each of reached)
    for (const next of referencedBy(each)) if (!isSpecifiedScalarType(next)) reached.add(next);
  return [...reached].map(printType).join("\n\n");
}

function referencedBy(type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isUnionType(type)) return type.getTypes();
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => getNamedType(field.type));
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    ...field.args.map((argument) => getNamedType(argument.type)),
    getNamedType(field.type),
  ]);
}
