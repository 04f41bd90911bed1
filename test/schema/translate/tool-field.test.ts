import { GraphQLSchema, printType, type GraphQLObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { requestIdArgument, translateTool } from "../../../schema/translate/index.ts";
import { graphOf, translate } from "./graph-of.ts";

const output = { type: "object", properties: { ok: { type: "boolean" } } };

describe("the field of a tool", () => {
  it("gives write fields a requestId, which never reaches the tool", async () => {
    const graph = graphOf({ effect: "write", input: { properties: { a: { type: "string" } } }, answer: {} });
    await graph.run('mutation { test { tryIt(a: "x", requestId: "r1") { raw } } }');
    expect(graph.inputs).toEqual([{ a: "x" }]);
    expect(requestIdArgument(translate({ effect: "read" }))).toBeUndefined();
  });

  it("leaves a tool's own requestId alone and names its own differently", async () => {
    const tool = { effect: "write", input: { properties: { request_id: { type: "string" } } }, answer: {} } as const;
    const graph = graphOf(tool);
    expect(requestIdArgument(translate(tool))).toBe("gatewayRequestId");
    await graph.run('mutation { test { tryIt(requestId: "mine", gatewayRequestId: "r1") { raw } } }');
    expect(graph.inputs).toEqual([{ request_id: "mine" }]);
  });

  it("keeps types apart of tools whose path and name read alike, and of a server whose id starts like another's", () => {
    const nested = { type: "object", properties: { fields: output } };
    const names = [
      translate({ name: "get", output: { properties: { issue_fields: output } } }),
      translate({ name: "get_issue", output: nested }),
    ];
    const schema = new GraphQLSchema({
      types: names.map(({ type }) => type as GraphQLObjectType),
    });
    expect(Object.keys(schema.getTypeMap()).filter((name) => name.startsWith("Test"))).toEqual([
      "Test_Get",
      "Test_Get_IssueFields",
      "Test_GetIssue",
      "Test_GetIssue_Fields",
    ]);
  });

  it("keeps a tool's input and result types apart from tools that are called so", () => {
    const recursive = { type: "object", properties: { again: { $ref: "#" }, a: { type: "string" } } };
    const graph = graphOf(
      { name: "get", input: recursive, output: { type: "array", items: output } },
      { name: "get_input", output },
      { name: "get_result", output },
    );
    expect(Object.keys(graph.schema.getTypeMap()).filter((name) => name.startsWith("Test_"))).toEqual([
      "Test_Get_Result",
      "Test_Get",
      "Test_Get_Input",
      "Test_GetInput",
      "Test_GetResult",
    ]);
  });

  it("uses a prefix as it is, so that two servers never share one", () => {
    const tool = { name: "get", description: "", effect: "read", inputSchema: {} } as const;
    const names = ["AB", "Ab", "jira-cloud"].flatMap((prefix) => [
      String(translateTool({ ...tool, outputSchema: output }, { prefix }).type),
      String(translateTool(tool, { prefix }).type),
    ]);
    expect(names).toEqual(["AB_Get", "ABResult", "Ab_Get", "AbResult", "JiraCloud_Get", "JiraCloudResult"]);
  });
});

describe("names of types", () => {
  const properties = {
    "b-b": { type: "object", properties: { y: { enum: ["p", "q"] }, x: { type: "object", properties: { z: {} } } } },
    b_b: { type: "object", properties: { w: { type: "string" } } },
    c: {
      oneOf: ["k", "l"].map((kind) => ({
        properties: { kind: { const: kind }, v: { type: "string" } },
        required: ["kind"],
      })),
    },
  };
  const reversed = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, own]) => [key, reversed(own)]),
        )
      : value;

  it("stay the same when properties and tools change their order", () => {
    const schema = { type: "object", properties };
    const tools = ["one", "two"].map((name) => ({ name, input: schema, output: schema }));
    const typesOf = (graph: ReturnType<typeof graphOf>) =>
      Object.values(graph.schema.getTypeMap())
        .filter(({ name }) => name.startsWith("Test_"))
        .map((type) => printType(type).split("\n").toSorted().join("\n"))
        .toSorted();
    const shuffled = tools
      .toReversed()
      .map(({ name }) => ({ name, input: reversed(schema), output: reversed(schema) }));
    expect(typesOf(graphOf(...shuffled))).toEqual(typesOf(graphOf(...tools)));
  });
});
