import { parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { exampleOf, sdlOf, signatureOf } from "../../../schema/translate/index.ts";
import { graphOf, translate, type ToolUnderTest } from "./graph-of.ts";

const search: ToolUnderTest = {
  name: "search_issues",
  input: {
    type: "object",
    properties: {
      jql: { type: "string" },
      limit: { type: "integer", minimum: 1, maximum: 50 },
      order: { enum: ["asc", "desc"] },
      filter: {
        type: "object",
        properties: { labels: { type: "array", items: { type: "string" } } },
        required: ["labels"],
      },
    },
    required: ["jql"],
  },
  output: {
    type: "object",
    properties: {
      issues: {
        type: "array",
        items: { type: "object", properties: { key: { type: "string" }, story_points: { type: "number" } } },
      },
      is_last: { type: "boolean" },
    },
  },
  answer: { issues: [{ key: "A-1", story_points: 3 }], is_last: true },
};

describe("a tool's signature", () => {
  it("says in one line what it takes and gives", () => {
    expect(signatureOf(translate(search), "jira")).toBe(
      "Query.jira.searchIssues(jql: String!, limit: Int, order: asc|desc, filter: {labels: [String!]!}): " +
        "{issues: [{key: String, storyPoints: Float}], isLast: Boolean, raw: JSON}",
    );
  });

  it("shows the values that are allowed, also where they are no GraphQL names", () => {
    const properties = {
      a: { enum: ["x", "y"] },
      b: { enum: ["in-progress", "done"] },
      c: { type: "array", items: { enum: ["1st", "2nd"] } },
      d: { enum: [1, 2] },
      e: { type: "object", properties: { f: { enum: ["x-y", "z"] } } },
    };
    expect(signatureOf(translate({ input: { properties, required: ["a", "b"] } }), "x")).toBe(
      'Query.x.tryIt(a: (x|y)!, b: ("in-progress"|"done")!, c: [("1st"|"2nd")!], d: 1|2, e: {f: "x-y"|"z"}): ' +
        "{text: String, json: JSON, raw: JSON}",
    );
  });

  it("names the mutation's requestId, and the field name a namespace settled on", () => {
    expect(signatureOf(translate({ name: "drop", effect: "destructive" }), "db", "dropIt")).toBe(
      "Mutation.db.dropIt(requestId: String): {text: String, json: JSON, raw: JSON}",
    );
  });

  it("ends where a type recurs", () => {
    const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
    const schema = { type: "object", properties: { node: { $ref: "#/$defs/node" } }, $defs: { node } };
    expect(signatureOf(translate({ input: schema, output: schema }), "x")).toBe(
      "Query.x.tryIt(node: {next: {…}}): {node: {next: {…}}, raw: JSON}",
    );
  });
});

describe("a tool's example", () => {
  it("uses the author's example, in GraphQL's names", () => {
    const examples = [{ input: { jql: 'project = "A"', limit: 2, filter: { labels: ["x"] } } }];
    expect(exampleOf(translate(search), "jira", examples)).toBe(
      'query { jira { searchIssues(jql: "project = \\"A\\"", limit: 2, filter: {labels: ["x"]}) { issues { key storyPoints } isLast } } }',
    );
  });

  it("fills required arguments from examples, defaults and enums, else by type", () => {
    const properties = {
      a: { type: "string", examples: ["from examples"] },
      b: { type: "integer", default: 7 },
      c: { enum: ["first", "second"] },
      d: { type: "object", properties: { inner_one: { type: "boolean" } }, required: ["inner_one"] },
      e: { type: "array", items: { type: "number" } },
      f: { type: "string" },
      g: { type: "string", format: "date" },
      h: { type: "integer", minimum: 10, maximum: 20 },
      i: { type: "array", items: { type: "boolean" }, minItems: 2 },
      j: { type: ["string", "number"] },
      optional: { type: "string" },
    };
    const tool = translate({ effect: "write", input: { properties, required: "a b c d e f g h i j".split(" ") } });
    expect(exampleOf(tool, "x")).toBe(
      'mutation { x { tryIt(a: "from examples", b: 7, c: first, d: {innerOne: true}, e: [1], f: "f", g: "2026-01-31", h: 10, i: [true, true], j: "j") { text json } } }',
    );
  });

  it("skips an author's example that GraphQL cannot say", () => {
    const tool = translate({ input: { properties: { any: { type: "object" } } } });
    expect(exampleOf(tool, "x", [{ input: { any: { "not-a-name": 1 } } }, { input: { any: { ok: 1 } } }])).toContain(
      "(any: {ok: 1})",
    );
  });

  it("runs as it stands, for a union too", async () => {
    const kinds = ["k", "l"].map((kind) => ({
      properties: { kind: { const: kind }, v: kind === "k" ? { type: "string" } : { type: "number" } },
      required: ["kind"],
    }));
    const tool = {
      input: { properties: { c: { oneOf: kinds } }, required: ["c"] },
      output: { properties: { u: { oneOf: kinds } } },
      answer: { u: { kind: "k", v: "text" } },
    };
    for (const each of [search, tool]) {
      const graph = graphOf(each);
      const source = exampleOf(graph.tools[0]!, "test");
      expect(validate(graph.schema, parse(source))).toEqual([]);
      expect((await graph.run(source)).errors).toEqual([]);
      expect(graph.inputs).toHaveLength(1);
    }
  });
});

describe("a tool's slice of the schema", () => {
  it("is SDL with the field and every type it needs, each once", () => {
    const sdl = sdlOf(translate(search), "JiraQueries");
    const names = parse(sdl).definitions.map((definition) => ("name" in definition ? definition.name?.value : ""));
    expect(names).toHaveLength(6);
    expect(new Set(names)).toEqual(
      new Set([
        "JSON",
        "JiraQueries",
        "Test_SearchIssues",
        "Test_SearchIssues_FilterInput",
        "Test_SearchIssues_Issues",
        "Test_SearchIssues_OrderEnum",
      ]),
    );
    expect(sdl).toContain("searchIssues(jql: String!, limit: Int");
  });
});
