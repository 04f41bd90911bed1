import { parse, printType, type GraphQLNamedType } from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";
import { describe, expect, it } from "vitest";
import { graphOf, translate } from "./graph-of.ts";

/** What a query of one field answers when the tool's result is `{value: answer}`. */
async function answers(property: unknown, answer: unknown, selection = ""): Promise<unknown> {
  const graph = graphOf({ output: { type: "object", properties: { value: property } }, answer: { value: answer } });
  const { data, errors } = await graph.run(`{ test { tryIt { value ${selection} raw } } }`);
  expect(errors).toEqual([]);
  const { value, raw } = (data as { test: { tryIt: { value: unknown; raw: unknown } } }).test.tryIt;
  expect(raw).toEqual({ value: answer });
  return value;
}

function typeOf(property: unknown, required: string[] = []): string | undefined {
  const { type } = translate({ output: { type: "object", properties: { value: property }, required } });
  return /^ {2}value: (.*)$/m.exec(printType(type as GraphQLNamedType))?.[1];
}

describe("a result field's type", () => {
  it.each([
    [{ type: "string" }, "String"],
    [{ type: "string", enum: ["open", "closed"] }, "String"],
    [{ const: "issue" }, "String"],
    [{ type: "integer" }, "SafeInt"],
    [{ type: "integer", minimum: 0, maximum: 10 }, "Int"],
    [{ type: "number" }, "Float"],
    [{ type: ["number", "null"] }, "Float"],
    [{ type: "array", items: { type: "string" } }, "[String]"],
    [{ anyOf: [{ type: "object", properties: { a: {} } }, { type: "null" }] }, "Test_TryIt_Value"],
    [{ type: "object", additionalProperties: { type: "number" } }, "JSON"],
    [{ type: "array", prefixItems: [{}, {}] }, "JSON"],
    [{ type: ["string", "number"] }, "JSON"],
    [{ oneOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }, "JSON"],
    [true, "JSON"],
  ])("for %j is %s, nullable even where required", (property, type) => {
    expect(typeOf(property, ["value"])).toBe(type);
  });

  it("is an object with the conflicting field as JSON where alternatives add to one object", () => {
    const output = {
      type: "object",
      properties: { id: { type: "string" } },
      anyOf: [
        { properties: { value: { type: "string" } } },
        { properties: { value: { type: "object", properties: { a: {} } } } },
      ],
    };
    const tool = translate({ output });
    expect(printType(tool.type as never)).toContain("value: JSON");
    expect(tool.diagnostics).toContain("output#/anyOf/0/properties/value may be object or string.");
  });
});

describe("a result that does not keep to its schema", () => {
  it.each([
    ["an integer over 32 bits keeps its value", { type: "integer" }, 5_000_000_000, 5_000_000_000],
    ["an integer sent as long text keeps its value", { type: "integer" }, "90071992547409931", "90071992547409931"],
    ["a value outside the enum is shown", { type: "string", enum: ["a"] }, "b", "b"],
    ["a number where text was promised is its text", { type: "string" }, 5, "5"],
    ["an object where text was promised is null", { type: "string" }, { a: 1 }, null],
    ["text where a number was promised is null", { type: "number" }, "many", null],
    ["a fraction where an integer was promised is null", { type: "integer" }, 1.5, null],
    ["an integer beyond its bounds is null", { type: "integer", minimum: 0, maximum: 9 }, 5e9, null],
    ["text where a boolean was promised is null", { type: "boolean" }, "true", null],
    [
      "a single value where a list was promised is a list of one",
      { type: "array", items: { type: "string" } },
      "x",
      ["x"],
    ],
    [
      "a list with odd items keeps the others",
      { type: "array", items: { type: "number" } },
      [1, "x", null, 2],
      [1, null, null, 2],
    ],
    ["a required value that is null harms nothing", { type: "string" }, null, null],
  ])("%s, and raw has it as it was", async (_rule, property, answer, shown) => {
    expect(await answers(property, answer)).toEqual(shown);
  });

  it("shows an object where one was promised, and null where something else came", async () => {
    const property = { type: "object", properties: { display_name: { type: "string" } } };
    expect(await answers(property, { display_name: "Ada", more: 1 }, "{ displayName raw }")).toEqual({
      displayName: "Ada",
      raw: { display_name: "Ada", more: 1 },
    });
    expect(await answers(property, "Ada", "{ displayName }")).toBeNull();
    expect(await answers({ type: "array", items: property }, { display_name: "Ada" }, "{ displayName }")).toEqual([
      { displayName: "Ada" },
    ]);
  });

  it("never reads what an object merely inherits", async () => {
    expect(
      await answers({ type: "object", properties: { constructor: {}, to_string: {} } }, {}, "{ constructor toString }"),
    ).toEqual({
      constructor: null,
      toString: null,
    });
  });

  it.each(["just text", 0, false, 12, [1, 2]])("is in raw even when it is %j instead of an object", async (answer) => {
    const graph = graphOf({ output: { type: "object", properties: { a: { type: "string" } } }, answer });
    const { data, errors } = await graph.run("{ test { tryIt { a raw } } }");
    expect(errors).toEqual([]);
    expect(data).toEqual({ test: { tryIt: { a: null, raw: answer } } });
  });
});

describe("a compiled query", () => {
  it("shows results that are no objects like an interpreted one, at the root and in a union", async () => {
    const variants = ["k", "l"].map((kind) => ({ properties: { kind: { const: kind } }, required: ["kind"] }));
    const graph = graphOf(
      { name: "text", answer: "hello" },
      { name: "count", output: { type: "integer" }, answer: 0 },
      { name: "odd", output: { properties: { u: { oneOf: variants } } }, answer: { u: "odd" } },
    );
    const query = "{ test { text { text raw } count { value raw } odd { u { ... on Test_Odd_UUnknown { raw } } } } }";
    const compiled = compileQuery(graph.schema, parse(query));
    if (!isCompiledQuery(compiled)) throw new Error(JSON.stringify(compiled));
    const result = await compiled.query({}, {}, {});
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      data: {
        test: { text: { text: "hello", raw: "hello" }, count: { value: 0, raw: 0 }, odd: { u: { raw: "odd" } } },
      },
    });
  });
});

describe("names in a result", () => {
  it("stay apart where camelCase would merge them", async () => {
    const graph = graphOf({
      output: { properties: { "a-b": { type: "string" }, a_b: { type: "integer" } } },
      answer: { "a-b": "text", a_b: 1 },
    });
    const field = [...printType(graph.tools[0]?.type as never).matchAll(/^ {2}(aB_\w+): String/gm)][0]?.[1];
    const { data } = await graph.run(`{ test { tryIt { a_b ${field} } } }`);
    expect(data).toEqual({ test: { tryIt: { a_b: 1, [field ?? ""]: "text" } } });
  });

  it("leave raw to the whole value when the tool has a property of that name", async () => {
    const graph = graphOf({ output: { properties: { raw: { type: "string" } } }, answer: { raw: "mine" } });
    const { data } = await graph.run("{ test { tryIt { raw rawValue } } }");
    expect(data).toEqual({ test: { tryIt: { raw: { raw: "mine" }, rawValue: "mine" } } });
  });
});

describe("a union in a result", () => {
  const shape = (kind: string, field: string) => ({
    type: "object",
    properties: { kind: { const: kind }, [field]: { type: "number" } },
    required: ["kind"],
  });

  it("with a discriminator is a GraphQL union, and a value of no known kind still shows everything", async () => {
    const property = { type: "array", items: { oneOf: [shape("circle", "radius"), shape("square", "side_length")] } };
    const answer = [{ kind: "circle", radius: 1 }, { kind: "square", side_length: 2 }, { kind: "blob" }, "odd", null];
    const selection = `{ __typename ... on Test_TryIt_Value_Circle { radius } ... on Test_TryIt_Value_Square { sideLength }
      ... on Test_TryIt_ValueUnknown { raw } }`;
    expect(await answers(property, answer, selection)).toEqual([
      { __typename: "Test_TryIt_Value_Circle", radius: 1 },
      { __typename: "Test_TryIt_Value_Square", sideLength: 2 },
      { __typename: "Test_TryIt_ValueUnknown", raw: { kind: "blob" } },
      { __typename: "Test_TryIt_ValueUnknown", raw: "odd" },
      null,
    ]);
  });

  it("at the root is one object with the fields of all alternatives", async () => {
    const graph = graphOf({
      output: { oneOf: [shape("circle", "radius"), shape("square", "side")] },
      answer: { kind: "square", side: 3 },
    });
    const { data } = await graph.run("{ test { tryIt { kind radius side } } }");
    expect(data).toEqual({ test: { tryIt: { kind: "square", radius: null, side: 3 } } });
  });
});

describe("a result that is no object", () => {
  it("has its list as items, its scalar as value, and always raw", async () => {
    const list = graphOf({
      output: { type: "array", items: { properties: { a_a: { type: "string" } } } },
      answer: [{ a_a: "x" }],
    });
    expect((await list.run("{ test { tryIt { items { aA } raw } } }")).data).toEqual({
      test: { tryIt: { items: [{ aA: "x" }], raw: [{ a_a: "x" }] } },
    });
    const text = graphOf({ output: { type: "string" }, answer: "hello" });
    expect((await text.run("{ test { tryIt { value raw } } }")).data).toEqual({
      test: { tryIt: { value: "hello", raw: "hello" } },
    });
    const free = graphOf({ output: { type: "object" }, answer: { any: 1 } });
    expect((await free.run("{ test { tryIt { raw } } }")).data).toEqual({ test: { tryIt: { raw: { any: 1 } } } });
  });

  it.each([
    ["hello", { text: "hello", json: "hello", raw: "hello" }],
    [
      { text: "hi", n: 1 },
      { text: "hi", json: { text: "hi", n: 1 }, raw: { text: "hi", n: 1 } },
    ],
    [{ n: 1 }, { text: null, json: { n: 1 }, raw: { n: 1 } }],
    [0, { text: null, json: 0, raw: 0 }],
  ])("without a declared form is text and json: %j", async (answer, shown) => {
    const graph = graphOf({ name: "one", answer }, { name: "two", answer });
    const { data } = await graph.run("{ test { one { text json raw } two { text } } }");
    expect(data).toEqual({ test: { one: shown, two: { text: shown.text } } });
    expect(graph.tools[0]?.type).toBe(graph.tools[1]?.type);
    expect(String(graph.tools[0]?.type)).toBe("TestResult");
    expect(graph.tools[0]?.typedOutput).toBe(false);
  });

  it("that is null is a null field", async () => {
    const graph = graphOf({ answer: null });
    expect((await graph.run("{ test { tryIt { raw } } }")).data).toEqual({ test: { tryIt: null } });
  });
});

describe("a recursive result", () => {
  it("is one type that refers to itself", async () => {
    const node = {
      type: "object",
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
    };
    const property = { $ref: "#/$defs/node" };
    const graph = graphOf({
      output: { type: "object", properties: { tree: property }, $defs: { node } },
      answer: { tree: { name: "a", children: [{ name: "b", children: [] }] } },
    });
    const { data } = await graph.run("{ test { tryIt { tree { name children { name __typename } } } } }");
    expect(data).toEqual({
      test: { tryIt: { tree: { name: "a", children: [{ name: "b", __typename: "Test_TryIt_Node" }] } } },
    });
  });
});
