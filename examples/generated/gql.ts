/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query FindTool($need: String!) {\n    searchTools(query: $need, first: 3) {\n      tool {\n        serverId\n        name\n        signature\n      }\n    }\n  }\n": typeof types.FindToolDocument,
    "\n  mutation RunTool($serverId: ID!, $toolName: String!, $input: JSON, $select: String) {\n    executeTool(serverId: $serverId, toolName: $toolName, input: $input, select: $select) {\n      status\n      output\n      error {\n        code\n        suggestion\n        retryable\n      }\n    }\n  }\n": typeof types.RunToolDocument,
};
const documents: Documents = {
    "\n  query FindTool($need: String!) {\n    searchTools(query: $need, first: 3) {\n      tool {\n        serverId\n        name\n        signature\n      }\n    }\n  }\n": types.FindToolDocument,
    "\n  mutation RunTool($serverId: ID!, $toolName: String!, $input: JSON, $select: String) {\n    executeTool(serverId: $serverId, toolName: $toolName, input: $input, select: $select) {\n      status\n      output\n      error {\n        code\n        suggestion\n        retryable\n      }\n    }\n  }\n": types.RunToolDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindTool($need: String!) {\n    searchTools(query: $need, first: 3) {\n      tool {\n        serverId\n        name\n        signature\n      }\n    }\n  }\n"): typeof import('./graphql.ts').FindToolDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RunTool($serverId: ID!, $toolName: String!, $input: JSON, $select: String) {\n    executeTool(serverId: $serverId, toolName: $toolName, input: $input, select: $select) {\n      status\n      output\n      error {\n        code\n        suggestion\n        retryable\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RunToolDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
