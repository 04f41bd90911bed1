/** The static part of the graph, the same for every caller: loads the types and builds them once. */
import "./types/enums.ts";
import "./types/page-info.ts";
import "./types/tool.ts";
import "./types/server.ts";
import "./types/viewer.ts";
import "./types/tool-execution.ts";
import "./types/subscription.ts";
import "./types/circuit.ts";
import "./types/result.ts";
import {
  GraphQLList,
  GraphQLNonNull,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from "graphql";
import { executeTool, type ExecuteToolArgs } from "../resolvers/execute-tools.ts";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import { builder } from "./builder.ts";
import { JSONScalar } from "./scalars.ts";

export const staticSchema: GraphQLSchema = withDirectCall(withOneJson(builder.toSchema({ sortSchema: false })));

/**
 * The zod plugin wraps every field that takes an input object, also where it finds nothing to check, and then awaits four
 * promises: on the field that nearly every call goes through, a tenth of the door's own work.
 */
function withDirectCall(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getMutationType()?.getFields().executeTool;
  if (!field) throw new Error("invariant: executeTool is in the graph");
  field.resolve = (_root, args, context: GraphqlContext) => executeTool(context, args as ExecuteToolArgs);
  return schema;
}

/** Pothos copies scalars; both parts of the graph have to hold the same one, or they cannot be one schema. */
function withOneJson(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) field.type = shared(field.type);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.type = shared(field.type);
      for (const argument of field.args) argument.type = shared(argument.type);
    }
  }
  return schema;
}

function shared<T extends GraphQLType>(type: T): T {
  if (isNonNullType(type)) return new GraphQLNonNull(shared(type.ofType)) as GraphQLType as T;
  if (isListType(type)) return new GraphQLList(shared(type.ofType)) as GraphQLType as T;
  return "name" in type && type.name === JSONScalar.name ? (JSONScalar as GraphQLType as T) : type;
}
