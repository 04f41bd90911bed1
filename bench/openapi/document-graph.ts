/** Puts the translated tools of one document into a real schema, and sends inputs through it to see what would arrive. */
import {
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  execute,
  parse,
  validate,
  validateSchema,
  type DocumentNode,
} from "graphql";
import type { Tool } from "../../src/connector/tool.ts";
import { TimeSlice } from "../../src/time-slice.ts";
import { toolNames } from "../../schema/tool-names.ts";
import { fieldOf, translateTool, type TranslatedTool } from "../../schema/translate/index.ts";

export interface GraphTool {
  readonly tool: Tool;
  readonly fieldName: string;
  readonly translation: TranslatedTool;
}

export interface DocumentGraph {
  readonly tools: readonly GraphTool[];
  /** Faults of the schema as a whole. */
  faults(): readonly string[];
  /** What reaches the tool when the input is sent as GraphQL variables; errors where it does not. */
  send(
    tool: GraphTool,
    input: Readonly<Record<string, unknown>>,
  ): Promise<{ arrived?: unknown; errors: readonly string[] }>;
}

const nothing = new GraphQLObjectType({ name: "Nothing", fields: { nothing: { type: GraphQLString } } });

export async function documentGraph(tools: readonly Tool[], prefix: string): Promise<DocumentGraph> {
  const names = await toolNames(new Map(tools.map((tool) => [tool.name, tool])), new TimeSlice());
  const translated = tools.map((tool) => {
    const translation = translateTool(tool, { prefix });
    const suffix = names.typeSuffix(tool);
    return {
      tool,
      fieldName: names.fieldName(tool),
      translation: suffix === "" ? translation : translation.renamed(suffix),
    };
  });
  const arrived: unknown[] = [];
  const namespace = (kind: string, isRead: boolean) => {
    const members = translated.filter(({ tool }) => (tool.effect === "read") === isRead);
    const fields = members.map(({ fieldName, translation }) => {
      const resolve = (_source: unknown, args: Record<string, unknown>) => void arrived.push(translation.toInput(args));
      return [fieldName, fieldOf(translation, resolve)] as const;
    });
    return members.length === 0
      ? nothing
      : new GraphQLObjectType({ name: `${prefix}${kind}`, fields: Object.fromEntries(fields) });
  };
  const root = (name: string, type: GraphQLObjectType) =>
    new GraphQLObjectType({ name, fields: { server: { type, resolve: () => ({}) } } });
  const schema = new GraphQLSchema({
    query: root("Query", namespace("Queries", true)),
    mutation: root("Mutation", namespace("Mutations", false)),
  });
  return {
    tools: translated,
    faults: () => validateSchema(schema).map(({ message }) => message),
    async send({ tool, fieldName, translation }, input) {
      const given = translation.toArguments(input);
      const args = Object.entries(translation.args).filter(([name]) => Object.hasOwn(given, name));
      const head = args.map(([name, { type }]) => `$${name}: ${String(type)}`).join(", ");
      const list = args.map(([name]) => `${name}: $${name}`).join(", ");
      const kind = tool.effect === "read" ? "query" : "mutation";
      const document: DocumentNode = parse(
        `${kind}${head && `(${head})`} { server { ${fieldName}${list && `(${list})`} { __typename } } }`,
      );
      const refused = validate(schema, document).map(({ message }) => message);
      if (refused.length > 0) return { errors: refused };
      arrived.length = 0;
      const { errors = [] } = await execute({
        schema,
        document,
        variableValues: JSON.parse(JSON.stringify(given)) as Record<string, unknown>,
      });
      return { arrived: arrived[0], errors: errors.map(({ message }) => message) };
    },
  };
}
