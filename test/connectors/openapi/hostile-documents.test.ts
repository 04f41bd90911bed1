import { getNamedType, validateSchema } from "graphql";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiDocument } from "../../../connectors/openapi/api-document.ts";
import { graphOf } from "../../schema/translate/graph-of.ts";
import { hostileSchema } from "../../schema/translate/arbitrary-schemas.ts";
import { documentOf, toolsOf } from "./open-api.ts";

/** Each tool must give a valid graph, a check that compiles, and texts; whatever the document holds. */
function survives(document: unknown) {
  const tools = toolsOf(document);
  const graph = graphOf(
    ...tools.map(({ name, effect, inputSchema, outputSchema }) => ({
      name,
      effect,
      input: inputSchema,
      output: outputSchema,
    })),
  );
  expect(validateSchema(graph.schema)).toEqual([]);
  for (const tool of tools) {
    expect(tool.parseInput({}).ok).toBeTypeOf("boolean");
    JSON.stringify([tool.inputSchema, tool.outputSchema, tool.diagnostics]);
  }
  return { tools, graph };
}

const body = (schema: unknown) => ({ content: { "application/json": { schema } } });
const both = (schema: unknown) => ({ operationId: "it", requestBody: body(schema), responses: { 200: body(schema) } });

describe("a hostile document", () => {
  it.each([null, [], "openapi: 3.1.0", {}, { openapi: "4.0.0" }, { swagger: 3 }, { openapi: { toString: null } }])(
    "that is none is refused in words: %j",
    (root) => {
      expect(() => new ApiDocument(root)).toThrow(TypeError);
    },
  );

  it.each([
    ["no paths", {}],
    ["paths of any kind", { paths: [] }],
    ["operations of any kind", { paths: { "/": null, "/a": 5, "/b": { get: null, post: "x", put: [] } } }],
    [
      "parameters of any kind",
      {
        paths: {
          "/": {
            parameters: "x",
            get: { parameters: [null, 5, {}, { in: 5 }, { in: "query" }, { name: "a", in: "nowhere" }] },
          },
        },
      },
    ],
    [
      "bodies of any kind",
      {
        paths: {
          "/": {
            post: {
              requestBody: { content: { "": null, "not a type": 5, "application/json": { schema: 5, encoding: [] } } },
            },
          },
        },
      },
    ],
    [
      "responses of any kind",
      { paths: { "/": { get: { responses: { 200: null, "2XX": 5, default: { content: { "*/*": null } } } } } } },
    ],
    [
      "texts of any kind",
      { paths: { "/": { get: { operationId: 5, summary: {}, description: [], tags: "x", deprecated: "yes" } } } },
    ],
    [
      "references in circles",
      {
        paths: {
          "/": { $ref: "#/paths/~1" },
          "/a": {
            get: {
              parameters: [{ $ref: "#/paths/~1a/get/parameters/0" }],
              requestBody: { $ref: "#/paths/~1a/get/requestBody" },
            },
          },
        },
      },
    ],
    [
      "references to what is inherited",
      { paths: { "/": { get: { ...both({ $ref: "#/constructor" }), parameters: [{ $ref: "#/__proto__" }] } } } },
    ],
  ])("with %s gives a valid graph", (_, more) => {
    survives({ openapi: "3.1.0", ...more });
    survives({ openapi: "3.0.0", ...more });
    survives({ swagger: "2.0", ...more });
  });

  it("with any schemas at all gives a valid graph", () => {
    fc.assert(
      fc.property(hostileSchema, hostileSchema, fc.constantFrom("3.0.0", "3.1.0"), (one, other, openapi) => {
        const components = { schemas: { a: one, b: other } };
        const refer = { allOf: [{ $ref: "#/components/schemas/a" }, { $ref: "#/components/schemas/b" }, one] };
        const parameters = [
          { name: "a", in: "query", schema: other },
          { name: "b", in: "path", schema: one },
        ];
        const paths = {
          "/{b}": { post: { ...both(refer), parameters }, get: { ...both(other), operationId: "other" } },
        };
        survives({ ...documentOf(paths, { components }), openapi });
      }),
      { numRuns: 60 },
    );
  });

  it("with polluting names keeps them as data", async () => {
    const properties = JSON.parse('{"__proto__": {"type": "string"}, "constructor": {"type": "string"}}') as object;
    const components = JSON.parse(
      '{"schemas": {"__proto__": {"type": "object"}, "constructor": {"type": "object"}}}',
    ) as { schemas: object };
    Object.assign((components.schemas as { constructor: object }).constructor, { properties });
    const paths = JSON.parse('{"/__proto__/{__proto__}": {"get": {"operationId": "__proto__"}}}') as object;
    const { tools } = survives(
      documentOf(
        {
          ...paths,
          "/": { post: { ...both({ $ref: "#/components/schemas/constructor" }), operationId: "constructor" } },
        },
        { components },
      ),
    );
    expect(tools.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(tools[1]!.inputSchema)).toBe(Object.prototype);
    expect(Object.keys(tools[0]!.inputSchema.properties as object)).toEqual(["__proto__"]);
    const { $defs } = tools[1]!.inputSchema as { $defs: { constructor: { properties: object } } };
    expect(Object.keys($defs.constructor.properties)).toEqual(["__proto__", "constructor"]);
  });

  it("with 10,000 properties keeps every one", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`p_${index}`, { type: "string" }]),
    );
    const { graph } = survives(documentOf({ "/": { post: both({ type: "object", properties }) } }));
    const [tool] = graph.tools;
    const type = getNamedType(tool!.args.body!.type) as { getFields(): object };
    expect(Object.keys(type.getFields())).toHaveLength(10_000);
  });

  it("with schemas 5,000 deep is read to a bounded depth", () => {
    let schema: object = { type: "string" };
    for (let depth = 0; depth < 5_000; depth++) schema = { type: "object", properties: { deeper: schema } };
    const { tools } = survives(documentOf({ "/": { post: both(schema) } }));
    expect(tools[0]?.diagnostics).toContain("input: what is nested too deeply was left open");
  });

  it("whose schemas all lead to all others is described down to a bound, on the side of answers first", () => {
    const names = Array.from({ length: 300 }, (_, index) => `S${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
    const schemas = Object.fromEntries(names.map((name) => [name, { type: "object", properties }]));
    const [tool] = toolsOf(
      documentOf({ "/": { post: both({ $ref: "#/components/schemas/S7" }) } }, { components: { schemas } }),
    );
    const kept = (schema: unknown) =>
      Object.values((schema as { $defs: object }).$defs).filter((each: object) => Object.keys(each).length > 0);
    expect([kept(tool?.inputSchema).length, kept(tool?.outputSchema).length]).toEqual([300, 60]);
    expect(tool?.diagnostics).toEqual(["output: what lies beyond 60 definitions was left open"]);
  });

  it("with a pattern that takes for ever is checked in linear time", () => {
    const parameters = [{ name: "q", in: "query", schema: { type: "string", pattern: "^(a+)+$" } }];
    const { tools } = survives(documentOf({ "/": { get: { operationId: "it", parameters } } }));
    const started = performance.now();
    expect(tools[0]!.parseInput({ q: `${"a".repeat(5_000)}!` }).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
