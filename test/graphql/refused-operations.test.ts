/** What is refused before anything runs: the refusal says by how much, or which name was meant. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StartedGateway } from "../support/start-gateway.ts";
import { manyTools, shelfTool, startShelf } from "./tool-shelf.ts";

const ANNA = { authorization: "Bearer key-of-anna" };
let gateway: StartedGateway;
beforeAll(async () => {
  const tools = [...manyTools(120), shelfTool("search_invoices"), shelfTool("search_secret_invoices")];
  gateway = await startShelf(tools, {
    gateway: {
      auth: { api_keys: [{ id: "anna", key_ref: "ANNA", roles: ["agent"] }] },
      policies: [
        { roles: ["developer"], allow: [{}] },
        { roles: ["agent"], allow: [{}], deny: [{ tools: ["*secret*"] }] },
      ],
    },
    env: { ANNA: "key-of-anna" },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe("misspelt names", () => {
  test("a field is told the nearest of its own type", async () => {
    const { body } = await gateway.graphql("{ shelf { serchInvoices { key } } }");
    expect(body.errors![0]).toMatchObject({
      message: 'Cannot query field "serchInvoices" on type "ShelfQueries".',
      extensions: { code: "VALIDATION_ERROR", details: { nearest: ["searchInvoices", "searchSecretInvoices"] } },
    });
    expect(body.errors![0]!.extensions.suggestion).toBe("Did you mean 'searchInvoices' or 'searchSecretInvoices'?");
  });

  test("what the caller may not see is never named", async () => {
    const { text, body } = await gateway.graphql("{ shelf { searchSecretInvoice { key } } }", undefined, ANNA);
    expect(body.errors![0]!.extensions.details).toEqual({ nearest: ["searchInvoices"] });
    expect(text.replace(/"searchSecretInvoice\\?"/g, "")).not.toContain("ecretInvoices");
  });

  test("so is an argument, and a field of a result", async () => {
    const { body } = await gateway.graphql('{ shelf { searchInvoices(qeury: "x") { ownr { name } } } }');
    const nearest = body.errors!.map(({ extensions }) => extensions.details);
    expect(nearest).toContainEqual({ nearest: ["query"] });
    expect(nearest).toContainEqual({ nearest: ["owner"] });
  });

  test("of many only the first three are looked up; the list ends", async () => {
    const wrong = Array.from({ length: 90 }, (_, index) => `serchInvoices${index}`).join(" ");
    const { body } = await gateway.graphql(`{ shelf { ${wrong} } }`);
    expect(body.errors!.length).toBeLessThan(25);
    expect(body.errors!.filter(({ extensions }) => extensions.details !== null)).toHaveLength(3);
  });
});

describe("limits", () => {
  const reads = (count: number, fields: string) =>
    `{ shelf { ${Array.from({ length: count }, (_, i) => `r${i}: findThing${i}(query: "q") { ${fields} }`).join(" ")} } }`;

  test("a hundred aliased reads with ten fields each are what aliases are for", async () => {
    const fields = "key a: key b: key c: key d: key e: key f: key g: key raw owner { name }";
    const { body } = await gateway.graphql(reads(100, fields));
    expect(body.errors).toBeUndefined();
    expect(Object.keys(body.data.shelf)).toHaveLength(100);
  });

  async function refusal(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>) {
    const { body } = await gateway.graphql(query, variables, headers);
    expect(body.data).toBeUndefined();
    return body.errors![0]!.extensions;
  }

  test("the cost of calls is refused with the number and the limit", async () => {
    const calls = Array.from(
      { length: 240 },
      (_, i) => `c${i}: executeTool(serverId: "shelf", toolName: "x") { status }`,
    );
    expect(await refusal(`mutation { ${calls.join(" ")} }`)).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { measure: "cost", actual: 240 * 21, limit: 5000 },
    });
  });

  test("a page counts as many times as it is long", async () => {
    expect(
      (
        await refusal(
          "{ tools(first: 500) { nodes { name title effect description signature sdl example inputSchema outputSchema } } }",
        )
      ).details,
    ).toEqual({
      measure: "cost",
      actual: 1 + 500 * 10,
      limit: 5000,
    });
  });

  test.each([{}, { accept: "application/json;q=0.9" }])(
    "also when its length is in a variable (%j)",
    async (headers) => {
      const query =
        "query Q($n: Int!) { tools(first: $n) { nodes { name title effect description signature sdl example inputSchema outputSchema } } }";
      expect((await gateway.graphql(query, { n: 10 }, headers)).body.data.tools.nodes).toHaveLength(10);
      expect((await refusal(query, { n: 500 }, headers)).details).toMatchObject({ measure: "cost", actual: 5001 });
    },
  );

  test("executeTools counts its calls, in the document and in a variable", async () => {
    const fields = "status serverId toolName output message originalRequestId executionId durationMs attempts cached";
    const many = Array.from({ length: 200 }, () => ({ serverId: "shelf", toolName: "x" }));
    const query = `mutation M($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { ${fields} } }`;
    expect((await refusal(query, { calls: many })).details).toMatchObject({ measure: "cost", actual: 200 * 30 });
  });

  test("depth and nesting are refused alike", async () => {
    const deep = `{ servers ${"{ tools { nodes ".repeat(7)} { name } ${"} }".repeat(7)} }`;
    expect((await refusal(deep)).details).toMatchObject({ measure: "depth", limit: 12 });
    const chain = Array.from({ length: 1000 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} }`).join(" ");
    const nested = `{ ...F0 } ${chain} fragment F1000 on Query { __typename }`;
    expect((await refusal(nested)).details).toMatchObject({ measure: "nesting", limit: 200 });
  });

  test("thousands of one field, which take too long to compare, are refused with what to do", async () => {
    const { body } = await gateway.graphql(`{ ${"viewer { id } ".repeat(2000)} }`);
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]).toMatchObject({
      message: "The operation asks for the same field too many times.",
      extensions: { code: "VALIDATION_ERROR", suggestion: expect.stringMatching(/alias/) },
    });
  });

  test("200,000 fields are not even parsed", async () => {
    const { body } = await gateway.graphql(`{ ${"a ".repeat(200_000)} }`);
    expect(body.errors![0]!.message).toMatch(/more than 10000 tokens/);
  });
});
