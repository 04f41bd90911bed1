import { printType } from "graphql";
import { describe, expect, it } from "vitest";
import { graphOf, translate } from "./graph-of.ts";

/** The GraphQL type of a tool's only argument. */
function typeOf(property: unknown, required = false, rest: object = {}): string {
  const tool = translate({
    input: { type: "object", properties: { value: property }, ...(required && { required: ["value"] }), ...rest },
  });
  return String(tool.args.value?.type);
}

/** What reaches the tool when its argument is written so. */
async function reaches(property: unknown, literal: string, rest: object = {}): Promise<unknown> {
  const graph = graphOf({ input: { type: "object", properties: { value: property }, ...rest }, answer: {} });
  const { errors } = await graph.run(`{ test { tryIt(value: ${literal}) { raw } } }`);
  expect(errors).toEqual([]);
  return graph.inputs[0];
}

describe("an argument's type", () => {
  it.each([
    [{ type: "string" }, "String"],
    [{ type: "boolean" }, "Boolean"],
    [{ type: "number" }, "Float"],
    [{ type: "integer" }, "SafeInt"],
    [{ type: "integer", minimum: 1 }, "SafeInt"],
    [{ type: "integer", minimum: 1, maximum: 100 }, "Int"],
    [{ type: "integer", minimum: -(2 ** 53), maximum: 2 ** 53 }, "SafeInt"],
    [{ type: "integer", format: "int32" }, "Int"],
    [{ type: "array", items: { type: "string" } }, "[String!]"],
    [{ type: "array", items: { type: ["string", "null"] } }, "[String]"],
    [{ type: "array", items: { type: "array", items: { type: "number" } } }, "[[Float!]!]"],
    [{ type: ["string", "null"] }, "String"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "String"],
    [{ anyOf: [{ type: "string" }, { type: "string", format: "uri" }] }, "String"],
    [{ anyOf: [{ type: "integer" }, { type: "number" }] }, "Float"],
    [{ anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] }, "JSON"],
    [{ enum: [1, 2, 3] }, "Int"],
    [{ enum: [1.5, 2] }, "Float"],
    [{ const: true }, "Boolean"],
    [{ type: "object" }, "JSON"],
    [{ type: "object", properties: {} }, "JSON"],
    [{ type: "object", additionalProperties: { type: "string" } }, "JSON"],
    [{ type: "object", patternProperties: { "^x-": {} } }, "JSON"],
    [{ type: "array" }, "JSON"],
    [{ type: "array", items: [{ type: "string" }, { type: "number" }] }, "JSON"],
    [{ type: "array", prefixItems: [{ type: "string" }] }, "JSON"],
    [{ type: ["string", "integer"] }, "JSON"],
    [{ oneOf: [{ type: "string" }, { type: "boolean" }] }, "JSON"],
    [{ enum: ["a", 1] }, "JSON"],
    [{}, "JSON"],
    [true, "JSON"],
    [{ type: "file" }, "JSON"],
    [{ $ref: "https://example.com/schema.json" }, "JSON"],
    [{ $ref: "#/$defs/absent" }, "JSON"],
    [{ type: "null" }, "JSON"],
    [{ enum: [] }, "String"],
  ])("for %j is %s", (property, type) => {
    expect(typeOf(property)).toBe(type);
  });

  it("is required only where the schema requires it and does not allow null", () => {
    expect(typeOf({ type: "string" }, true)).toBe("String!");
    expect(typeOf({ type: ["string", "null"] }, true)).toBe("String");
    expect(typeOf({ type: "object" }, true)).toBe("JSON!");
    expect(typeOf({}, true)).toBe("JSON");
  });

  it("follows references inside the schema, also those that point at a property", () => {
    const properties = {
      first: { type: "object", properties: { name: { type: "string" } } },
      value: { $ref: "#/properties/first" },
    };
    const tool = translate({ input: { type: "object", properties } });
    expect(String(tool.args.value?.type)).toBe("Test_TryIt_FirstInput");
    expect(tool.args.value?.type).toBe(tool.args.first?.type);
  });

  it("joins the parts of an allOf", async () => {
    const value = {
      allOf: [
        { type: "object", properties: { a_a: { type: "string" } }, required: ["a_a"] },
        { properties: { b_b: { type: "integer", format: "int32" } } },
      ],
    };
    expect(await reaches(value, '{aA: "x", bB: 1}')).toEqual({ value: { a_a: "x", b_b: 1 } });
  });
});

describe("an enum", () => {
  it("is one where every value is a GraphQL name, written as the tool has it", async () => {
    expect(typeOf({ type: "string", enum: ["asc", "DESC"] })).toBe("Test_TryIt_ValueEnum");
    expect(await reaches({ enum: ["asc", "DESC"] }, "DESC")).toEqual({ value: "DESC" });
  });

  it.each([
    [["a-b", "a b", "a_b"]],
    [["1", "-1"]],
    [[">="]],
    [["日本"]],
    [["true", "other"]],
    [["null"]],
    [[""]],
    [["__x"]],
  ])("of %j is a String that lists its values, so none is merged or respelt", async (values) => {
    const property = { type: "string", enum: values };
    const tool = translate({ input: { type: "object", properties: { value: property } } });
    expect(String(tool.args.value?.type)).toBe("String");
    for (const value of values) {
      expect(tool.args.value?.description).toContain(JSON.stringify(value));
      expect(await reaches(property, JSON.stringify(value))).toEqual({ value });
    }
  });

  it("of a list's items is described there too", () => {
    const tool = translate({ input: { properties: { value: { type: "array", items: { enum: ["a-b", "c"] } } } } });
    expect(tool.args.value?.description).toBe('Each one of: "a-b", "c".');
  });

  it("without values costs nothing but a diagnostic", () => {
    const tool = translate({ input: { type: "object", properties: { value: { type: "string", enum: [] } } } });
    expect(tool.diagnostics).toEqual(["input#/properties/value lists no values; any text is let through."]);
  });

  it("that is defined once and used twice is one type", () => {
    const $defs = { order: { type: "string", enum: ["asc", "desc"] } };
    const properties = { one: { $ref: "#/$defs/order" }, two: { type: "array", items: { $ref: "#/$defs/order" } } };
    const { schema } = graphOf({ input: { type: "object", properties, $defs } });
    expect(Object.keys(schema.getTypeMap()).filter((name) => name.endsWith("Enum"))).toEqual(["Test_TryIt_OrderEnum"]);
  });

  it("with null among its values is nullable", async () => {
    expect(typeOf({ enum: ["a", null] }, true)).toBe("Test_TryIt_ValueEnum");
    expect(await reaches({ enum: ["a", null] }, "null")).toEqual({ value: null });
  });
});

describe("what reaches the tool", () => {
  it("has the tool's own names at every depth", async () => {
    const value = {
      type: "object",
      properties: { "issue-key": { type: "string" }, list_of: { type: "array", items: { properties: { If_X: {} } } } },
    };
    expect(await reaches(value, '{issueKey: "A-1", listOf: [{ifX: 1}, {}]}')).toEqual({
      value: { "issue-key": "A-1", list_of: [{ If_X: 1 }, {}] },
    });
  });

  it("keeps names apart that camelCase would merge", async () => {
    const graph = graphOf({
      input: { properties: { issue_id: { type: "string" }, issueId: { type: "string" } } },
      answer: {},
    });
    await graph.run('{ test { tryIt(issue_id: "snake", issueId: "camel") { raw } } }');
    expect(graph.inputs).toEqual([{ issue_id: "snake", issueId: "camel" }]);
  });

  it("lacks what the caller left out, and has null only where the schema allows it", async () => {
    const properties = { a: { type: "string" }, b: { type: ["string", "null"] }, c: { type: "string" } };
    const graph = graphOf({ input: { type: "object", properties }, answer: {} });
    await graph.run("query($a: String, $b: String, $c: String) { test { tryIt(a: $a, b: $b, c: $c) { raw } } }", {
      a: null,
      b: null,
    });
    expect(graph.inputs).toEqual([{ b: null }]);
  });

  it("leaves a single value single where one or many are allowed: to some tools they mean different things", async () => {
    const value = { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] };
    expect(await reaches(value, '"x"')).toEqual({ value: "x" });
    expect(await reaches(value, '["x"]')).toEqual({ value: ["x"] });
    expect(await reaches(value, '["x", "y"]')).toEqual({ value: ["x", "y"] });
  });

  it("has an argument for what is required and nowhere described, since no caller could give it otherwise", async () => {
    const inner = { type: "object", properties: { b: { type: "string" } }, required: ["c d"] };
    const graph = graphOf({
      input: { type: "object", properties: { a: inner }, required: ["name"] },
      answer: {},
    });
    await graph.run('{ test { tryIt(a: {b: "x", cD: [1]}, name: null) { raw } } }');
    expect(graph.inputs).toEqual([{ a: { b: "x", "c d": [1] }, name: null }]);
  });

  it("is shown by an example that the schema itself allows, and by another where the schema's own is wrong", () => {
    const samples = (properties: Record<string, object>) =>
      translate({ input: { type: "object", properties, required: Object.keys(properties) } }).sampleInput();
    const point = { type: "object", properties: { x: { type: "integer" } }, required: ["x"] };
    expect(
      samples({
        text: { type: "string", examples: [{ not: "a text" }, "a text"] },
        fitting: { ...point, examples: [{ x: 5 }] },
        misspelt: { ...point, examples: [{ X: 5 }, '{"x": 5}'] },
        listed: { enum: ["a", "b"], type: "string", default: "c" },
        many: { type: "array", items: point, default: [{ x: 1 }, {}] },
      }),
    ).toEqual({ text: "a text", fitting: { x: 5 }, misspelt: { x: 1 }, listed: "a", many: [{ x: 1 }] });
  });

  it("does not have the schema's default filled in: that is the tool's business", async () => {
    const graph = graphOf({ input: { properties: { n: { type: "integer", default: 5 } } }, answer: {} });
    await graph.run("{ test { tryIt { raw } } }");
    expect(graph.inputs).toEqual([{}]);
    expect(graph.tools[0]?.args.n?.description).toBe("Default: 5.");
  });

  it("may hold properties the schema does not name, where it says so", async () => {
    const graph = graphOf({
      input: { type: "object", properties: { a_b: { type: "string" } }, additionalProperties: true },
      answer: {},
    });
    await graph.run('{ test { tryIt(aB: "x", additional: {other_one: 1, __proto__: 2}) { raw } } }');
    expect(JSON.stringify(graph.inputs[0])).toBe('{"other_one":1,"__proto__":2,"a_b":"x"}');
  });

  it("is the whole input where there are no properties to tell", async () => {
    const graph = graphOf({ input: { type: "object", additionalProperties: { type: "number" } }, answer: {} });
    await graph.run("{ test { tryIt(input: {a: 1}) { raw } } }");
    expect(graph.inputs).toEqual([{ a: 1 }]);
    expect(graph.tools[0]?.typedInput).toBe(false);
  });

  it("is empty for a tool without arguments", async () => {
    const graph = graphOf({ input: { type: "object", properties: {} }, answer: {} });
    await graph.run("{ test { tryIt { raw } } }");
    expect(graph.inputs).toEqual([{}]);
    expect(graph.tools[0]?.args).toEqual({});
  });
});

describe("a union of objects", () => {
  const rename = {
    type: "object",
    properties: { type: { const: "rename" }, new_name: { type: "string" } },
    required: ["type", "new_name"],
  };
  const remove = { type: "object", properties: { type: { const: "remove" } }, required: ["type"] };

  it("with a discriminator is a @oneOf input, and the discriminator is put back", async () => {
    const tool = translate({ input: { properties: { value: { oneOf: [rename, remove] } } } });
    const type = tool.args.value?.type;
    expect(printType(type as never)).toContain("input Test_TryIt_ValueInput @oneOf");
    expect(await reaches({ oneOf: [rename, remove] }, '{rename: {newName: "x"}}')).toEqual({
      value: { type: "rename", new_name: "x" },
    });
    expect(await reaches({ anyOf: [rename, remove] }, "{remove: {}}")).toEqual({ value: { type: "remove" } });
  });

  it("without a discriminator, or with one that may be left out, is JSON", () => {
    expect(typeOf({ oneOf: [{ properties: { a: {} } }, { properties: { b: {} } }] })).toBe("JSON");
    expect(typeOf({ oneOf: [{ ...rename, required: [] }, remove] })).toBe("JSON");
  });

  it("at the root becomes one list of arguments, each optional unless all alternatives require it", () => {
    const tool = translate({
      input: {
        oneOf: [
          { type: "object", properties: { id: { type: "string" }, a: { type: "string" } }, required: ["id", "a"] },
          { type: "object", properties: { id: { type: "string" }, b: { type: "number" } }, required: ["id", "b"] },
        ],
      },
    });
    expect(Object.entries(tool.args).map(([name, { type }]) => `${name}: ${String(type)}`)).toEqual([
      "id: String!",
      "a: String",
      "b: Float",
    ]);
  });

  it("that only adds conditions to an object leaves the object as it is", () => {
    const properties = { value: { type: "string" }, b: { type: "string" } };
    const tool = translate({
      input: { type: "object", properties, anyOf: [{ required: ["value"] }, { required: ["b"] }] },
    });
    expect(Object.keys(tool.args)).toEqual(["value", "b"]);
    expect(tool.fallbacks).toEqual([]);
  });
});

describe("recursion", () => {
  it("that is required stays valid: the edge that closes the circle may be left out in GraphQL", async () => {
    const filter = {
      type: "object",
      properties: { name: { type: "string" }, and_also: { $ref: "#/$defs/Filter" } },
      required: ["name", "and_also"],
    };
    const graph = graphOf({
      input: { type: "object", properties: { filter: { $ref: "#/$defs/Filter" } }, $defs: { Filter: filter } },
      answer: {},
    });
    expect(String(graph.tools[0]?.args.filter?.type)).toBe("Test_TryIt_FilterInput");
    await graph.run('{ test { tryIt(filter: {name: "a", andAlso: {name: "b"}}) { raw } } }');
    expect(graph.inputs).toEqual([{ filter: { name: "a", and_also: { name: "b" } } }]);
    // A required null is no way to leave something out: it stays, for the tool's validation to refuse.
    await graph.run('{ test { tryIt(filter: {name: "a", andAlso: null}) { raw } } }');
    expect(graph.inputs[1]).toEqual({ filter: { name: "a", and_also: null } });
  });

  it("through the root, through lists and through itself ends", () => {
    expect(typeOf({ $ref: "#" })).toBe("Test_TryIt_Input");
    expect(typeOf({ type: "array", items: { $ref: "#/properties/value" } })).toBe("[JSON!]");
    expect(typeOf({ $ref: "#/properties/value" })).toBe("JSON");
    expect(typeOf({ anyOf: [{ $ref: "#/properties/value" }, { type: "string" }] })).toBe("String");
  });
});
