/** The published graph: `schema/schema.graphql` is what the code makes, so that a change of it is seen in review. */
import { readFileSync } from "node:fs";
import { buildSchema, isObjectType, validateSchema } from "graphql";
import { beforeAll, expect, test } from "vitest";
import { builtInSchema } from "../../schema/print-schema.ts";

let printed: string;
beforeAll(async () => {
  printed = await builtInSchema();
});

test("schema/schema.graphql is up to date; if not, run: node schema/print-schema.ts", () => {
  const file = new URL("../../schema/schema.graphql", import.meta.url);
  expect(printed).toBe(readFileSync(file, "utf8"));
});

test("it is a valid schema", () => {
  expect(validateSchema(buildSchema(printed))).toEqual([]);
});

test("it holds the fields that callers rely on", () => {
  const schema = buildSchema(printed);
  const fields = (type: string) => {
    const found = schema.getType(type);
    return found && "getFields" in found ? Object.keys(found.getFields()) : [];
  };
  expect(fields("Query")).toEqual(
    expect.arrayContaining([
      "servers",
      "server",
      "tools",
      "tool",
      "searchTools",
      "viewer",
      "jira",
      "slack",
      "webSearch",
    ]),
  );
  expect(fields("Mutation")).toEqual(expect.arrayContaining(["executeTool", "executeTools", "jira", "slack"]));
  expect(fields("JiraQueries")).toEqual(expect.arrayContaining(["searchIssues", "getIssueDetails"]));
  expect(fields("JiraMutations")).toContain("createIssue");
  expect(fields("SlackMutations")).toContain("sendMessage");
  expect(fields("WebSearchQueries")).toContain("performSearch");
  expect(fields("ToolError")).toEqual([
    "type",
    "code",
    "message",
    "details",
    "retryable",
    "retryAfterMs",
    "suggestion",
    "mcpServerStatusCode",
    "mcpServerErrorDetails",
  ]);
});

test("arguments with a default are nullable: a caller's optional variable may be null", () => {
  const schema = buildSchema(printed);
  const required = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) => Object.values(type.getFields()))
    .flatMap(({ name, args }) => args.map((arg) => ({ name: `${name}(${arg.name})`, arg })))
    .filter(({ arg }) => arg.default !== undefined && String(arg.type).endsWith("!"));
  expect(required.map(({ name }) => name)).toEqual([]);
});
