import { getNamedType, parse, type GraphQLObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { exampleOf, sdlOf, signatureOf } from "../../../schema/translate/index.ts";
import { graphOf, translate } from "./graph-of.ts";

/** A schema must give a valid graph on both sides and never throw, however it was made. */
function survives(schema: unknown) {
  const graph = graphOf({ input: schema, output: schema, answer: {} });
  const [tool] = graph.tools;
  if (!tool) throw new Error("no tool");
  parse(sdlOf(tool, "Queries"));
  parse(exampleOf(tool, "test"));
  expect(signatureOf(tool, "test").length).toBeLessThan(200_000);
  return tool;
}

describe("a hostile schema", () => {
  it.each([
    ["properties is a number", { type: "object", properties: 5 }],
    ["properties is a list", { type: "object", properties: [{ type: "string" }] }],
    ["required is text", { type: "object", properties: { a: { type: "string" } }, required: "a" }],
    ["required holds numbers", { type: "object", properties: { a: { type: "string" } }, required: [1, null, {}] }],
    ["required names what is not there", { type: "object", properties: { a: {} }, required: ["b"] }],
    ["enum is empty", { type: "object", properties: { a: { enum: [] } } }],
    ["enum is text", { type: "object", properties: { a: { type: "string", enum: "abc" } } }],
    ["enum repeats values", { type: "object", properties: { a: { enum: ["x", "x"] } } }],
    [
      "enum has 5,000 values",
      { type: "object", properties: { a: { enum: Array.from({ length: 5000 }, (_, i) => `v-${i}`) } } },
    ],
    ["type is a number", { type: "object", properties: { a: { type: 7 } } }],
    ["type is an empty list", { type: "object", properties: { a: { type: [] } } }],
    ["type is unknown", { type: "thing", properties: { a: { type: "int" } } }],
    ["items is text", { type: "object", properties: { a: { type: "array", items: "string" } } }],
    ["anyOf is an object", { type: "object", properties: { a: { anyOf: { type: "string" } } } }],
    ["anyOf is empty", { type: "object", properties: { a: { anyOf: [] } } }],
    ["a property is null", { type: "object", properties: { a: null, b: "text", c: 1, d: [] } }],
    ["a property is a boolean schema", { type: "object", properties: { a: true, b: false } }],
    ["bounds are text", { type: "object", properties: { a: { type: "integer", minimum: "0", maximum: "9" } } }],
    [
      "the description is an object",
      { description: {}, properties: { a: { type: "string", description: 5, title: [] } } },
    ],
    [
      "defaults are of any kind",
      { properties: { a: { type: "string", default: { deep: [1] } }, b: { default: null } } },
    ],
    ["a reference is a number", { properties: { a: { $ref: 5 } } }],
    ["a reference is not decodable", { properties: { a: { $ref: "#/%E0%A4%A" } } }],
    ["a reference leads to a text", { properties: { a: { $ref: "#/title" } }, title: "x" }],
    [
      "a reference leads to what is inherited",
      { properties: { a: { $ref: "#/constructor" }, b: { $ref: "#/__proto__" } } },
    ],
    [
      "references go in a circle",
      { properties: { a: { $ref: "#/$defs/x" } }, $defs: { x: { $ref: "#/$defs/y" }, y: { $ref: "#/$defs/x" } } },
    ],
    ["allOf holds itself", { properties: { a: { allOf: [{ $ref: "#/properties/a" }] } } }],
    ["allOf is the root", { allOf: [{ $ref: "#" }, { properties: { a: { type: "string" } } }] }],
    ["all of the root is itself", { $ref: "#" }],
    [
      "alternatives hold each other",
      { properties: { a: { oneOf: [{ $ref: "#/properties/b" }] }, b: { oneOf: [{ $ref: "#/properties/a" }] } } },
    ],
    ["it is a remote reference", { $ref: "http://127.0.0.1:1/never-fetched.json" }],
    ["it is true", true],
    ["it is false", false],
    ["it is null", null],
    ["it is a list", []],
    ["it is text", "schema"],
  ])("where %s gives a valid graph", (_what, schema) => {
    survives(schema);
  });

  it("with polluting names keeps them as data", async () => {
    const properties = JSON.parse(
      '{"__proto__": {"type": "string"}, "constructor": {"type": "string"}, "toString": {"type": "object", "properties": {"__proto__": {"type": "number"}}}}',
    ) as object;
    const graph = graphOf({ input: { type: "object", properties }, answer: {} });
    await graph.run('{ test { tryIt(proto: "a", constructorValue: "b", toStringValue: {proto: 1}) { raw } } }');
    expect(JSON.stringify(graph.inputs[0])).toBe('{"__proto__":"a","constructor":"b","toString":{"__proto__":1}}');
    expect(Object.getPrototypeOf(graph.inputs[0])).toBe(Object.prototype);
    const nested = graphOf({ input: { properties: { a: { type: "object", properties } } }, answer: {} });
    await nested.run("query($a: Test_TryIt_AInput) { test { tryIt(a: $a) { raw } } }", { a: {} });
    expect(JSON.stringify(nested.inputs)).toBe('[{"a":{}}]');
    survives({ type: "object", properties, required: ["__proto__", "constructor"] });
  });

  it("with one odd property keeps the others typed", () => {
    const tool = survives({
      type: "object",
      properties: { good: { type: "string" }, odd: { $ref: "http://elsewhere" } },
    });
    expect(String(tool.args.good?.type)).toBe("String");
    expect(String(tool.args.odd?.type)).toBe("JSON");
    expect(tool.diagnostics).toContain(
      "input#/properties/odd refers to 'http://elsewhere', which is not in this schema.",
    );
    expect([tool.typedInput, tool.typedOutput]).toEqual([true, true]);
  });

  it("of 10,000 properties keeps every one", () => {
    const properties = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p_${i}`, { type: "string" }]));
    const tool = survives({ type: "object", properties });
    expect(Object.keys(tool.args)).toHaveLength(10_000);
    expect(Object.keys((tool.type as GraphQLObjectType).getFields())).toHaveLength(10_001);
  });

  it("of depth 500 is typed to a bounded depth and JSON below", () => {
    let schema: object = { type: "string" };
    for (let depth = 0; depth < 500; depth++)
      schema = { type: "object", properties: { deeper: schema }, required: ["deeper"] };
    const tool = survives(schema);
    expect(tool.fallbacks.map(({ reason }) => reason)).toEqual(["is nested too deeply", "is nested too deeply"]);
  });

  it("of 500 lists in lists ends too", () => {
    let schema: object = { type: "string" };
    for (let depth = 0; depth < 500; depth++) schema = { type: "array", items: schema };
    const tool = survives({ properties: { a: schema } });
    expect(String(getNamedType(tool.args.a!.type))).toBe("JSON");
  });

  it("that doubles with every definition is read once", () => {
    const $defs: Record<string, unknown> = { d0: { type: "object", properties: { leaf: { type: "string" } } } };
    for (let level = 1; level < 60; level++) {
      const below = { $ref: `#/$defs/d${level - 1}` };
      $defs[`d${level}`] = { anyOf: [below, { allOf: [below, below] }], properties: { a: below, b: below } };
    }
    survives({ type: "object", properties: { a: { $ref: "#/$defs/d59" } }, $defs });
  });

  it("with thousands of alternatives is JSON instead of slow", () => {
    const anyOf = Array.from({ length: 5000 }, (_, index) => ({ type: "string", const: `value ${index}` }));
    const tool = survives({ type: "object", properties: { a: { anyOf }, b: { anyOf: anyOf.slice(0, 500) } } });
    expect(String(tool.args.a?.type)).toBe("JSON");
    expect(String(tool.args.b?.type)).toBe("String");
  });

  it("built in memory as a circle of objects ends as a recursive type", () => {
    const node: { type: string; properties: Record<string, unknown> } = {
      type: "object",
      properties: { name: { type: "string" } },
    };
    node.properties.left = node;
    node.properties.right = node;
    const tool = survives({ type: "object", properties: { node } });
    expect(signatureOf(tool, "x")).toContain("node: {name: String, left: {…}, right: {…}}");
  });

  it("whose parts throw when they are read leaves the tool usable as JSON", async () => {
    const schema = {
      get properties(): never {
        throw new Error("boom");
      },
    };
    const graph = graphOf({ input: schema, output: schema, answer: { fine: true } });
    const { data } = await graph.run("{ test { tryIt(input: {a: 1}) { json } } }");
    expect(data).toEqual({ test: { tryIt: { json: { fine: true } } } });
    expect(graph.inputs).toEqual([{ a: 1 }]);
    expect(graph.tools[0]?.diagnostics[0]).toContain("boom");
  });

  it("with a tool name that is no name still has a field and types", () => {
    for (const name of ["", "__proto__", "日本語", "a.b/c d", "1", "true", "x".repeat(5000)]) {
      const { fieldNames } = graphOf({
        name,
        input: { properties: { a: { enum: ["x"] } } },
        output: { properties: { a: {} } },
      });
      expect(fieldNames.get(name)).toMatch(/^(?!__)[_A-Za-z]\w*$/);
    }
    expect(translate({ name: "日本語" }).fieldName).toBe("u65e5u672cu8a9e");
  });
});
