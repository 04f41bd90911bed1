/** Introspection of a view: the same answer as graphql-js would give, worked out once, in turns with others, and bounded. */
import {
  buildClientSchema,
  execute,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  type IntrospectionQuery,
} from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildViewGraph, completeSchema } from "../../schema/view-graph.ts";
import { ParsedDocuments } from "../../src/http/graphql/parsed-documents.ts";
import { ViewEngine } from "../../src/http/graphql/view-engine.ts";
import type { View } from "../../src/registry/view.ts";
import type { StartedGateway } from "../support/start-gateway.ts";
import { manyTools, shelfTool, startShelf } from "./tool-shelf.ts";

let gateway: StartedGateway;
beforeAll(async () => {
  const clashing = [shelfTool("create-thing", { effect: "write" }), shelfTool("create_thing", { effect: "write" })];
  gateway = await startShelf([...manyTools(300), ...clashing, shelfTool("untyped", { outputSchema: {} })]);
});
afterAll(() => gateway[Symbol.asyncDispose]());

function viewOf({ composed }: StartedGateway): View {
  return composed.registry.current!.viewOf({ id: "developer", roles: ["developer"], method: "developer_token" });
}

describe("the standard documents", () => {
  const variants = [
    {},
    { descriptions: false },
    { inputValueDeprecation: true, oneOf: true, specifiedByUrl: true, schemaDescription: true },
    { directiveIsRepeatable: true, typeDepth: 3 },
  ];

  test.each(variants)("%j are answered as graphql-js answers them", async (options) => {
    const query = getIntrospectionQuery(options);
    const { body } = await gateway.graphql(query);
    const schema = await completeSchema(viewOf(gateway));
    const expected = await execute({ schema, document: parse(query) });
    expect(body.errors).toBeUndefined();
    expect(sorted(body.data)).toEqual(sorted(JSON.parse(JSON.stringify(expected.data))));
  });

  test("what a client makes of it prints as the schema itself", async () => {
    const { body } = await gateway.graphql(getIntrospectionQuery());
    const client = lexicographicSortSchema(buildClientSchema(body.data as IntrospectionQuery));
    const own = lexicographicSortSchema(await completeSchema(viewOf(gateway)));
    expect(printSchema(client)).toBe(printSchema(own));
  });
});

test("the ways to ask give the same bytes: GET, GraphiQL's Accept, with and without gzip", async () => {
  const query = getIntrospectionQuery();
  const token = { authorization: "Bearer developer-token-of-the-tests" };
  const posted = await gateway.graphql(query, undefined, { "accept-encoding": "identity" });
  expect(posted.headers.get("content-encoding")).toBeNull();
  const zipped = await gateway.graphql(query, undefined, { "accept-encoding": "gzip" });
  expect(zipped.headers.get("content-encoding")).toBe("gzip");
  expect(zipped.headers.get("vary")).toBe("accept-encoding");
  const asGraphiql = await gateway.graphql(query, undefined, { accept: "application/json, multipart/mixed" });
  const got = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { ...token, accept: "application/graphql-response+json" },
  });
  expect(got.headers.get("content-type")).toMatch(/^application\/graphql-response\+json/);
  expect(new Set([posted.text, zipped.text, asGraphiql.text, await got.text()]).size).toBe(1);
});

test("directives, aliases, fragments and variables are followed", async () => {
  const query = `query Q($no: Boolean!, $name: String!) {
    a: __type(name: $name) { ...T kind @skip(if: $no) }
    b: __type(name: "Shelf_FindThing7_StatusEnum") { enumValues { name } __typename }
    none: __type(name: "Shelf_Nothing") { name }
    s: __schema { queryType { name } subscriptionType { name } }
    __typename
  } fragment T on __Type { name fields { name } }`;
  const { body } = await gateway.graphql(query, { no: true, name: "Shelf_FindThing5" });
  expect(body).toEqual({
    data: {
      a: { name: "Shelf_FindThing5", fields: [{ name: "key" }, { name: "owner" }, { name: "raw" }] },
      b: { enumValues: [{ name: "open" }, { name: "closed" }], __typename: "__Type" },
      none: null,
      s: { queryType: { name: "Query" }, subscriptionType: { name: "Subscription" } },
      __typename: "Query",
    },
  });
});

test("concurrent askers share one working out, during which others have their turn", async () => {
  const graph = await buildViewGraph(viewOf(gateway));
  const limits = viewOf(gateway).generation.settings.gateway.limits;
  const engine = new ViewEngine(graph, limits, new ParsedDocuments());
  const document = engine.parse(getIntrospectionQuery());
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const ask = () => engine.introspect({ document, operationName: undefined, variables: undefined });
  const answers = await Promise.all(Array.from({ length: 10 }, async () => ask()));
  clearInterval(timer);
  expect(new Set(answers).size).toBe(1);
  expect(engine.introspections.worked).toBe(1);
  expect(turns).toBeGreaterThan(3);
  // Later ones are served from memory, at once.
  expect(ask()).toBe(answers[0]);
  // No tool's types were kept for it.
  expect(Object.keys(graph.schema.getTypeMap()).filter((name) => name.startsWith("Shelf_"))).toEqual([]);
});

describe("what is out of proportion", () => {
  const FIELDS = "fields { name args { name description type { name kind ofType { name kind } } } }";
  const repeated = Array.from({ length: 40 }, (_, i) => `a${i}: __schema { types { name ${FIELDS} } }`).join(" ");

  test("is refused with the limit and what to use instead", async () => {
    const { status, body } = await gateway.graphql(`{ ${repeated} }`);
    expect(status).toBe(200);
    expect(body.data).toBeUndefined();
    const [error] = body.errors!;
    expect(error!.extensions).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { measure: "introspection values", limit: 100_000 + 303 * 1000 },
      suggestion: expect.stringMatching(/searchTools.*Tool\.sdl/),
    });
  });

  test.each([
    ["beside data", "{ viewer { id } __schema { types { name } } }", {}],
    ["in a stream", "{ __schema { types { name } } }", { accept: "text/event-stream" }],
  ])("introspection %s is refused in a graph of this size", async (_, query, headers) => {
    const { text } = await gateway.graphql(query, undefined, headers);
    expect(text).toContain("answers introspection only in an operation of its own");
    expect(text).toContain('"actual":303,"limit":50');
  });
});

test("a small graph answers introspection beside data", async () => {
  await using small = await startShelf([shelfTool("one_thing")]);
  const { body } = await small.graphql(`{ viewer { id } __type(name: "ShelfQueries") { fields { name } } }`);
  expect(body.data.__type.fields).toEqual([{ name: "oneThing" }]);
});

/** Types in one order: ours come tool by tool. */
function sorted(data: { __schema: { types: { name: string }[] } }): unknown {
  const types = data.__schema.types.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { __schema: { ...data.__schema, types } };
}
