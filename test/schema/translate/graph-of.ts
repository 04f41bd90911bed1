/** Puts tools into a real schema of their own, so that a test can ask it questions and see what would reach each tool. */
import { GraphQLObjectType, GraphQLSchema, GraphQLString, graphql, validateSchema } from "graphql";
import type { JsonSchema } from "../../../src/connector/json-schema.ts";
import type { Effect } from "../../../src/connector/tool.ts";
import { fieldOf, translateTool, type TranslatedTool } from "../../../schema/translate/index.ts";

export interface ToolUnderTest {
  readonly name?: string;
  readonly effect?: Effect;
  readonly input?: unknown;
  readonly output?: unknown;
  /** What the tool answers. */
  readonly answer?: unknown;
}

export interface Graph {
  readonly schema: GraphQLSchema;
  readonly tools: readonly TranslatedTool[];
  /** The inputs that reached the tools, in the tools' own form. */
  readonly inputs: Record<string, unknown>[];
  readonly fieldNames: ReadonlyMap<string, string>;
  /** The result as a client reads it. */
  run(
    source: string,
    variableValues?: Record<string, unknown>,
  ): Promise<{ data: Record<string, unknown> | null; errors: string[] }>;
}

/** Translates a tool with whatever stands as its schemas, however odd. */
export function translate(tool: ToolUnderTest): TranslatedTool {
  return translateTool(
    {
      name: tool.name ?? "try_it",
      description: "A tool under test.",
      effect: tool.effect ?? "read",
      inputSchema: (tool.input ?? { type: "object", properties: {} }) as JsonSchema,
      ...(tool.output !== undefined && { outputSchema: tool.output as JsonSchema }),
    },
    { prefix: "Test" },
  );
}

/**
 * @example
 * const graph = graphOf({ input: { properties: { issue_key: { type: "string" } } }, answer: {} });
 * await graph.run('{ test { tryIt(issueKey: "A-1") { raw } } }');
 * graph.inputs; // [{ issue_key: "A-1" }]
 */
export function graphOf(...toolsUnderTest: ToolUnderTest[]): Graph {
  const tools = toolsUnderTest.map(translate);
  const answers = new Map(tools.map(({ toolName }, index) => [toolName, toolsUnderTest[index]?.answer]));
  const inputs: Record<string, unknown>[] = [];
  const resolverOf = (tool: TranslatedTool) => (_source: unknown, args: Record<string, unknown>) => {
    inputs.push(tool.toInput(args));
    return answers.get(tool.toolName);
  };
  const namespaceOf = (name: string, members: readonly TranslatedTool[]) =>
    members.length === 0
      ? undefined
      : new GraphQLObjectType({
          name,
          fields: () => Object.fromEntries(members.map((tool) => [tool.fieldName, fieldOf(tool, resolverOf(tool))])),
        });
  const queryFields = namespaceOf(
    "TestQueries",
    tools.filter(({ effect }) => effect === "read"),
  );
  const mutationFields = namespaceOf(
    "TestMutations",
    tools.filter(({ effect }) => effect !== "read"),
  );
  const root = (name: string, type: GraphQLObjectType | undefined) =>
    type && new GraphQLObjectType({ name, fields: { test: { type, resolve: () => ({}) } } });
  const mutation = root("Mutation", mutationFields);
  const schema = new GraphQLSchema({
    query:
      root("Query", queryFields) ??
      new GraphQLObjectType({ name: "Query", fields: { nothing: { type: GraphQLString } } }),
    ...(mutation && { mutation }),
  });
  const faults = validateSchema(schema);
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return {
    schema,
    tools,
    inputs,
    fieldNames: new Map(tools.map(({ toolName, fieldName }) => [toolName, fieldName])),
    async run(source, variableValues) {
      const { data, errors = [] } = await graphql({ schema, source, ...(variableValues && { variableValues }) });
      return {
        data: data ? (JSON.parse(JSON.stringify(data)) as Record<string, unknown>) : null,
        errors: errors.map(({ message }) => message),
      };
    },
  };
}
