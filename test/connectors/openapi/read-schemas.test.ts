import { describe, expect, it } from "vitest";
import { documentOf, toolOf, toolsOf } from "./open-api.ts";

/** How a schema reads where something is sent. */
function sent(schema: unknown, more: object = {}): Record<string, unknown> {
  const tool = toolOf({ requestBody: { content: { "application/json": { schema } } } }, more, "/", "post");
  return (tool.inputSchema as { properties: { body: Record<string, unknown> } }).properties.body;
}

/** How it reads where something is answered. */
function answered(schema: unknown, more: object = {}): unknown {
  return toolOf({ responses: { 200: { content: { "application/json": { schema } } } } }, more).outputSchema;
}

const old = { openapi: "3.0.3" };

describe("a schema before OpenAPI 3.1 means the same in JSON Schema 2020-12", () => {
  it.each([
    ["nullable beside a type", { type: "string", nullable: true }, { type: ["string", "null"] }],
    [
      "nullable beside an enum",
      { type: "string", nullable: true, enum: ["a"] },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [
      "nullable beside allOf",
      { nullable: true, allOf: [{ type: "object" }] },
      { anyOf: [{ allOf: [{ type: "object" }] }, { type: "null" }] },
    ],
    ["nullable alone, which allows everything as it is", { nullable: true }, {}],
    [
      "an exclusive bound",
      { type: "integer", minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      { type: "integer", minimum: 1, maximum: 9, exclusiveMinimum: 1 },
    ],
    ["an example", { type: "integer", example: 5 }, { type: "integer", examples: [5] }],
    ["an example of another type", { type: "object", example: '{"a": 1}' }, { type: "object" }],
    ["bytes", { type: "string", format: "binary" }, { type: "string", format: "binary", contentEncoding: "base64" }],
    [
      "a list of items",
      { type: "array", items: [{ type: "string" }] },
      { type: "array", prefixItems: [{ type: "string" }] },
    ],
    ["what only OpenAPI knows", { type: "string", xml: {}, externalDocs: {}, "x-more": 1 }, { type: "string" }],
  ])("%s", (_, schema, expected) => {
    expect(sent(schema, old)).toEqual(expected);
  });

  it("an object or none, as Microsoft's documents write it, is that object or null", () => {
    const components = { schemas: { Pet: { type: "object" } } };
    const anyOf = [{ $ref: "#/components/schemas/Pet" }, { type: "object", nullable: true }];
    expect(sent({ anyOf }, { ...old, components })).toEqual({ anyOf: [{ $ref: "#/$defs/Pet" }, { type: "null" }] });
    expect(sent({ anyOf: [...anyOf, {}] }, { ...old, components }).anyOf).toHaveLength(3);
  });

  it("beside a reference only what describes it counts, and nullable, which is meant that way", () => {
    const components = { schemas: { Pet: { type: "object" } } };
    const $ref = "#/components/schemas/Pet";
    expect(sent({ $ref, description: "A pet.", type: "string" }, { ...old, components })).toEqual({
      $ref: "#/$defs/Pet",
      description: "A pet.",
    });
    expect(sent({ $ref, nullable: true }, { ...old, components })).toEqual({
      anyOf: [{ $ref: "#/$defs/Pet" }, { type: "null" }],
    });
    expect(sent({ $ref, minProperties: 1 }, { components })).toEqual({ $ref: "#/$defs/Pet", minProperties: 1 });
  });
});

describe("a schema that is not quite one is read for what it means", () => {
  it.each([
    ["numbers listed as texts", { type: "integer", enum: ["1", "2"] }, { type: "integer", enum: [1, 2] }],
    [
      "texts that YAML took for something else",
      { type: "string", enum: [true, 1, "b"] },
      { type: "string", enum: ["true", "1", "b"] },
    ],
    ["an empty enum", { type: "string", enum: [] }, { type: "string" }],
    ["a type of another language", { type: "int" }, { type: "integer" }],
    [
      "a pattern written like a JavaScript literal",
      { type: "string", pattern: "/^a+$/i" },
      { type: "string", pattern: "^a+$" },
    ],
    ["steps that floating point cannot follow", { type: "number", multipleOf: 0.01 }, { type: "number" }],
    ["bounds of the wrong kind", { type: "string", minLength: "1", maxLength: -1, minimum: null }, { type: "string" }],
    [
      "required on a property itself",
      { type: "object", properties: { a: { type: "string", required: true } } },
      { type: "object", properties: { a: { type: "string" } } },
    ],
    ["a default of another type", { type: "boolean", default: "no" }, { type: "boolean" }],
  ])("%s", (_, schema, expected) => {
    expect(sent(schema)).toEqual(expected);
  });

  it("and what cannot be read is left open, alone, and said", () => {
    const tool = toolOf({
      parameters: [
        { name: "a", in: "query", schema: { type: "strange" } },
        { name: "b", in: "query", schema: { $ref: "other.yaml#/B" } },
        { name: "c", in: "query", schema: { type: "integer" } },
      ],
    });
    expect(tool.inputSchema).toEqual({
      type: "object",
      properties: { a: {}, b: {}, c: { type: "integer" } },
      additionalProperties: false,
    });
    expect(tool.diagnostics).toEqual([
      "input: the type 'strange' is unknown and was left open",
      "input: a reference to 'other.yaml#/B', which is not in the document, was left open",
    ]);
  });
});

describe("readOnly and writeOnly", () => {
  const schema = {
    type: "object",
    required: ["id", "name", "secret"],
    properties: {
      id: { type: "string", readOnly: true },
      name: { type: "string" },
      secret: { type: "string", writeOnly: true },
    },
  };

  it("leave out of the input what only the server sets, and out of the output what it keeps", () => {
    expect(sent(schema)).toEqual({
      type: "object",
      properties: { name: { type: "string" }, secret: { type: "string" } },
      required: ["name", "secret"],
    });
    expect(answered(schema)).toEqual({
      type: "object",
      properties: { id: { type: "string" }, name: { type: "string" } },
      required: ["id", "name"],
    });
  });

  it("hold where another part of the schema requires the property", () => {
    const components = {
      schemas: { Base: { type: "object", properties: { id: { type: "string", readOnly: true } } } },
    };
    const { allOf } = sent(
      { allOf: [{ $ref: "#/components/schemas/Base" }, { required: ["id", "name"], properties: { name: {} } }] },
      { components },
    );
    expect(allOf).toEqual([{ $ref: "#/$defs/Base" }, { properties: { name: {} }, required: ["name"] }]);
  });
});

describe("references", () => {
  it("into the document become the tool's own definitions, circles included and nothing else", () => {
    const schemas = {
      Node: {
        type: "object",
        properties: { next: { $ref: "#/components/schemas/Node" }, leaf: { $ref: "#/components/schemas/Leaf" } },
      },
      Leaf: { type: "string" },
      Unused: { type: "number" },
    };
    const tool = toolOf(
      { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } } },
      { components: { schemas } },
      "/",
      "post",
    );
    expect(tool.inputSchema).toEqual({
      type: "object",
      properties: { body: { $ref: "#/$defs/Node" } },
      additionalProperties: false,
      $defs: {
        Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" }, leaf: { $ref: "#/$defs/Leaf" } } },
        Leaf: { type: "string" },
      },
    });
    expect(tool.parseInput({ body: { next: { next: { leaf: "x" } } } }).ok).toBe(true);
    expect(tool.parseInput({ body: { next: { next: { leaf: 1 } } } }).ok).toBe(false);
  });

  it("to odd places and odd names are found as well, and checked", () => {
    const schemas = { "Page<Item>": { type: "integer" }, "a/b~c%": { type: "boolean" } };
    const path = { get: { operationId: "get", parameters: [{ name: "q", in: "query", schema: { type: "string" } }] } };
    const properties = {
      page: { $ref: "#/components/schemas/Page<Item>" },
      odd: { $ref: "#/components/schemas/a~1b~0c%25" },
      like: { $ref: "#/paths/~1a~1{b}/get/parameters/0/schema" },
    };
    const post = {
      operationId: "post",
      requestBody: { content: { "application/json": { schema: { type: "object", properties } } } },
    };
    const tool = toolsOf(documentOf({ "/a/{b}": path, "/": { post } }, { components: { schemas } })).find(
      ({ name }) => name === "post",
    )!;
    expect(tool.diagnostics).toEqual([]);
    expect(tool.parseInput({ body: { page: 1, odd: true, like: "x" } }).ok).toBe(true);
    for (const body of [{ page: "1" }, { odd: 1 }, { like: 1 }]) expect(tool.parseInput({ body }).ok).toBe(false);
  });

  it("to parameters, bodies, responses and paths are followed", () => {
    const components = {
      parameters: { Limit: { name: "limit", in: "query", schema: { type: "integer" } } },
      requestBodies: { Pet: { content: { "application/json": { schema: { type: "string" } } } } },
      responses: { Pet: { content: { "application/json": { schema: { type: "boolean" } } } } },
      pathItems: {
        Pets: {
          post: {
            parameters: [{ $ref: "#/components/parameters/Limit" }],
            requestBody: { $ref: "#/components/requestBodies/Pet" },
            responses: { 201: { $ref: "#/components/responses/Pet" } },
          },
        },
      },
    };
    const [tool] = toolsOf(documentOf({ "/pets": { $ref: "#/components/pathItems/Pets" } }, { components }));
    expect(tool?.inputSchema.properties).toEqual({ limit: { type: "integer" }, body: { type: "string" } });
    expect(tool?.outputSchema).toEqual({ type: "boolean" });
  });
});

describe("a discriminator", () => {
  const schemas = {
    Cat: { type: "object", properties: { kind: { type: "string" }, lives: { type: "integer" } } },
    Dog: { type: "object", properties: { kind: { type: "string" }, tricks: { type: "integer" } } },
  };
  const oneOf = [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }];

  it("with a mapping tells the alternatives apart", () => {
    const mapping = { cat: "#/components/schemas/Cat", dog: "Dog" };
    const body = sent({ oneOf, discriminator: { propertyName: "kind", mapping } }, { components: { schemas } });
    expect(body.oneOf).toEqual([
      { $ref: "#/$defs/Cat", properties: { kind: { const: "cat" } }, required: ["kind"] },
      { $ref: "#/$defs/Dog", properties: { kind: { const: "dog" } }, required: ["kind"] },
    ]);
  });

  it("of a schema that others are built upon lets their properties through", () => {
    const components = {
      schemas: { Pet: { type: "object", properties: { kind: {} }, discriminator: { propertyName: "kind" } } },
    };
    const tool = toolOf(
      { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } } },
      { components },
      "/",
      "post",
    );
    expect(tool.inputSchema.$defs).toEqual({
      Pet: { type: "object", properties: { kind: {} }, additionalProperties: true },
    });
  });
});

describe("what an operation answers", () => {
  const json = (schema: object) => ({ content: { "application/json": { schema } } });
  const read = (responses: object, method = "get") => toolOf({ responses }, {}, "/", method).outputSchema;
  const untyped = expect.objectContaining({ required: ["status"] }) as unknown;

  it.each([
    [
      "the one success",
      { 200: json({ type: "string" }), 404: json({ type: "number" }), default: json({ type: "boolean" }) },
      { type: "string" },
    ],
    ["any status of success", { "2XX": json({ type: "string" }) }, { type: "string" }],
    ["the default, where no success is described", { default: json({ type: "string" }) }, { type: "string" }],
    [
      "either of two successes",
      { 201: json({ type: "string" }), 200: json({ type: "number" }) },
      { anyOf: [{ type: "number" }, { type: "string" }] },
    ],
    [
      "one form said twice",
      { 200: json({ type: "string", format: "x" }), 201: json({ format: "x", type: "string" }) },
      { type: "string", format: "x" },
    ],
    ["nothing known: no content", { 204: {} }, untyped],
    [
      "nothing known: another media type",
      { 200: { content: { "text/csv": { schema: { type: "string" } } } } },
      untyped,
    ],
    ["nothing known: an empty schema", { 200: json({}) }, untyped],
  ])("is %s", (_, responses, expected) => {
    expect(read(responses)).toEqual(expected);
  });

  it("is never typed for HEAD", () => {
    expect(read({ 200: json({ type: "string" }) }, "head")).toEqual(untyped);
  });
});

describe("a tool", () => {
  it("has the effect of its method", () => {
    const methods = ["get", "head", "options", "trace", "post", "put", "patch", "delete"];
    const tools = toolsOf(
      documentOf({ "/": Object.fromEntries(methods.map((method) => [method, { operationId: method }])) }),
    );
    expect(Object.fromEntries(tools.map(({ name, effect }) => [name, effect]))).toEqual({
      get: "read",
      head: "read",
      options: "read",
      trace: "read",
      post: "write",
      put: "write",
      patch: "write",
      delete: "destructive",
    });
    expect(tools.find(({ name }) => name === "put")?.annotations).toEqual({ idempotentHint: true });
  });

  it("says when its operation is served elsewhere than the others, where no request goes", () => {
    const servers = [{ url: "https://uploads.example.com" }];
    expect(toolOf({ servers }).diagnostics).toEqual([expect.stringContaining("uploads.example.com")]);
    expect(toolOf({ servers: [{ url: "/" }] }).diagnostics).toEqual([]);
  });

  it("is described in the document's words", () => {
    const described = (operation: object) => toolOf(operation).description;
    expect(described({ summary: "List things", description: "All of them." })).toBe("List things. All of them.");
    expect(described({ summary: "List things", description: "List things, all of them." })).toBe(
      "List things, all of them.",
    );
    expect(described({ description: "All of them.", deprecated: true })).toBe("Deprecated. All of them.");
    expect(described({})).toBe("GET /things");
    expect(described({ description: "x".repeat(10_000) })).toHaveLength(4000);
  });

  it("takes the path's parameters and its own, its own first, and none that is a credential", () => {
    const parameter = (place: string, name: string, type: string) => ({ in: place, name, schema: { type } });
    const item = {
      parameters: [parameter("query", "a", "string"), parameter("query", "b", "string")],
      get: {
        parameters: [
          parameter("query", "b", "integer"),
          parameter("query", "api_key", "string"),
          parameter("header", "x-key", "string"),
        ],
      },
    };
    const securitySchemes = {
      query: { type: "apiKey", in: "query", name: "api_key" },
      header: { type: "apiKey", in: "header", name: "X-Key" },
    };
    const [tool] = toolsOf(documentOf({ "/": item }, { components: { securitySchemes } }));
    expect(tool?.inputSchema.properties).toEqual({ a: { type: "string" }, b: { type: "integer" } });
  });
});
