/** Operations sent again and again are compiled; what compiled code would read otherwise is not. */
import { GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from "graphql";
import { expect, test } from "vitest";
import { CompiledOperations } from "../../src/http/graphql/compiled-operations.ts";
import type { GraphqlContext } from "../../src/http/graphql/graphql-context.ts";
import { JSONScalar } from "../../schema/scalars.ts";

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: {
      echo: {
        type: JSONScalar,
        args: { value: { type: JSONScalar } },
        resolve: (_root, { value }: { value?: unknown }) => value,
      },
      word: { type: GraphQLString, resolve: () => "word" },
    },
  }),
});

async function tenTimes(source: string, variables?: Record<string, unknown>): Promise<Set<string>> {
  const operations = new CompiledOperations(schema);
  const document = parse(source);
  const answers = new Set<string>();
  for (let time = 0; time < 10; time += 1) {
    const result = await operations.execute({
      document,
      operationName: undefined,
      variables,
      context: {} as GraphqlContext,
    });
    answers.add(JSON.stringify({ data: result.data, errors: result.errors }));
  }
  return answers;
}

test.each([
  [
    "query Run($input: JSON) { echo(value: $input) }",
    { input: { a: [1, { b: "x" }] } },
    { echo: { a: [1, { b: "x" }] } },
  ],
  ["query Run($x: String) { echo(value: {k: $x}) }", { x: "kept" }, { echo: { k: "kept" } }],
  ["query Run($x: String) { echo(value: [$x]) }", { x: "kept" }, { echo: ["kept"] }],
  [
    "query Run($no: Boolean!) { word ...F } fragment F on Query { echo(value: 1) @include(if: $no) }",
    { no: false },
    { word: "word" },
  ],
])("%s answers the same the tenth time as the first", async (source, variables, data) => {
  expect([...(await tenTimes(source, variables))].map((text) => JSON.parse(text) as unknown)).toEqual([{ data }]);
});

test("two operations of one document are not taken for each other", async () => {
  const operations = new CompiledOperations(schema);
  const document = parse("query One { word } query Two { echo(value: 2) }");
  for (let time = 0; time < 10; time += 1) {
    const run = async (operationName: string) =>
      (await operations.execute({ document, operationName, variables: undefined, context: {} as GraphqlContext })).data;
    expect(await run("One")).toEqual({ word: "word" });
    expect(await run("Two")).toEqual({ echo: 2 });
  }
});
