/** GraphQL as an agent uses it: many tools in one request, typed or by name, and what happens when some of them fail. */
import { buildClientSchema, getIntrospectionQuery, parse, validate, type IntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, shopServer, type OpenedShop } from "./open-shop.ts";

let opened: OpenedShop;
beforeAll(async () => {
  opened = await openShop();
});
afterAll(() => opened[Symbol.asyncDispose]());

const graphql = (query: string, variables?: Record<string, unknown>) => opened.gateway.graphql(query, variables);

describe("typed fields", () => {
  test("names are camelCase in the graph, and the tool's own names upstream and in raw", async () => {
    const { body } = await graphql('{ shop { getItem(itemId: "42") { itemId inStock raw } } }');
    expect(body).toEqual({
      data: {
        shop: { getItem: { itemId: "42", inStock: true, raw: { item_id: "42", name: "Item 42", in_stock: true } } },
      },
    });
  });

  test("defaults of the tool apply, variables and aliases work, one request asks for many", async () => {
    const { body } = await graphql(
      "query ($id: String!, $limit: Int) { shop { a: getItem(itemId: $id) { name } b: listItems(limit: $limit) { items { itemId } } c: listItems { items { itemId } } } }",
      { id: "7", limit: 1 },
    );
    expect(body.data.shop).toEqual({
      a: { name: "Item 7" },
      b: { items: [{ itemId: "1" }] },
      c: { items: [{ itemId: "1" }, { itemId: "2" }, { itemId: "3" }] },
    });
  });

  test("one failing field is null with one error; its siblings keep their data", async () => {
    const { body, status } = await graphql(
      '{ shop { bad: getItem(itemId: "status-404") { name } good: getItem(itemId: "1") { name } } viewer { id } }',
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({ shop: { bad: null, good: { name: "Item 1" } }, viewer: { id: "developer" } });
    expect(body.errors).toHaveLength(1);
    const rest = await opened.gateway.rest({
      server_id: "shop",
      tool_name: "get_item",
      tool_input: { item_id: "status-404" },
    });
    expect(body.errors![0]).toMatchObject({
      path: ["shop", "bad"],
      message: rest.body.error.message as string,
      extensions: {
        code: "MCP_CLIENT_ERROR",
        type: rest.body.error.type as string,
        retryable: false,
        suggestion: rest.body.error.suggestion as string,
        mcpServerStatusCode: 404,
        mcpServerErrorDetails: { message: "The shop says 404." },
      },
    });
  });

  test("reads of one namespace run at the same time: each waits until the other has reached the server", async () => {
    const { body } = await graphql(
      '{ shop { a: getItem(itemId: "meet-a") { itemId } b: getItem(itemId: "meet-b") { itemId } } }',
    );
    expect(body.data.shop).toEqual({ a: { itemId: "meet-a" }, b: { itemId: "meet-b" } });
  });

  test("writes of one namespace run one after the other, in the order of the document", async () => {
    await using fresh = await openShop();
    const running = fresh.gateway.graphql(
      'mutation { shop { a: addItem(name: "gate-first") { name } b: addItem(name: "second") { name } c: removeItem(itemId: "third") { removed } } }',
    );
    await fresh.shop.arrived("/items");
    // A whole other call gets through meanwhile: writes that ran beside the first would be there by now.
    await fresh.gateway.graphql('{ shop { getItem(itemId: "1") { name } } }');
    expect(fresh.shop.requests.map(({ path }) => path)).toEqual(["/items", "/items/1"]);
    fresh.shop.openGate();
    const { body } = await running;
    expect(Object.keys(body.data.shop)).toEqual(["a", "b", "c"]);
    const writes = fresh.shop.requests.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method }) => method)).toEqual(["POST", "POST", "DELETE"]);
    expect(writes[1]!.body).toContain("second");
  });

  test("a failed write does not stop the writes after it", async () => {
    const { body } = await graphql(
      'mutation { shop { a: addItem(name: "status-422") { name } b: addItem(name: "after") { name } } }',
    );
    expect(body.data.shop).toEqual({ a: null, b: { name: "Item after" } });
    expect(body.errors!.map(({ path }) => path)).toEqual([["shop", "a"]]);
  });
});

describe("two servers of a type", () => {
  test("the server has to be named, wrong names are told the right ones", async () => {
    await using two = await openShop({ more: (url) => [shopServer(url, { id: "outlet" })] });
    const ask = async (argument: string) =>
      (await two.gateway.graphql(`{ shop${argument} { getItem(itemId: "1") { name } } }`)).body;
    expect((await ask('(server: "outlet")')).data.shop.getItem.name).toBe("Item 1");
    const unnamed = (await ask("")).errors![0]!;
    expect(unnamed.extensions).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(unnamed.extensions.suggestion).toMatch(/shop, outlet/);
    const wrong = (await ask('(server: "outlett")')).errors![0]!;
    expect(wrong.extensions).toMatchObject({ code: "ROUTING_ERROR", details: { nearest: ["outlet"] } });
    const example = await two.gateway.graphql('{ tool(serverId: "outlet", name: "get_item") { example signature } }');
    expect(example.body.data.tool.example).toContain('shop(server: "outlet")');
  });
});

describe("executeTools", () => {
  const RUN =
    "mutation ($calls: [ToolCallInput!]!, $mode: ExecutionMode!, $stop: Boolean!) { executeTools(calls: $calls, mode: $mode, stopOnError: $stop) { status toolName output error { code } originalRequestId } }";
  const call = (item_id: string) => ({ serverId: "shop", toolName: "get_item", input: { item_id } });

  test("PARALLEL keeps the order of the calls, one failure among them", async () => {
    await using fresh = await openShop();
    const { body } = await fresh.gateway.graphql(RUN, {
      calls: [call("meet-1"), call("status-404"), { ...call("meet-2"), requestId: "mine" }],
      mode: "PARALLEL",
      stop: false,
    });
    const statuses = body.data.executeTools.map((each: { status: string }) => each.status);
    expect(statuses).toEqual(["SUCCESS", "ERROR", "SUCCESS"]);
    expect(body.data.executeTools[1].error.code).toBe("MCP_CLIENT_ERROR");
    expect(body.data.executeTools[2]).toMatchObject({ output: { item_id: "meet-2" }, originalRequestId: "mine" });
  });

  test("SEQUENTIAL goes on after a failure, and stops there when asked to", async () => {
    await using fresh = await openShop();
    const run = async (stop: boolean) => {
      const before = fresh.shop.requests.length;
      const calls = [call("1"), call("status-404"), call("3")];
      const { body } = await fresh.gateway.graphql(RUN, { calls, mode: "SEQUENTIAL", stop });
      const codes = body.data.executeTools.map(({ error }: { error: { code: string } | null }) => error?.code);
      return [codes, fresh.shop.requests.slice(before).map(({ path }) => path)];
    };
    expect(await run(false)).toEqual([
      [undefined, "MCP_CLIENT_ERROR", undefined],
      ["/items/1", "/items/status-404", "/items/3"],
    ]);
    expect(await run(true)).toEqual([
      [undefined, "MCP_CLIENT_ERROR", "DATA_TRANSFORMATION_ERROR"],
      ["/items/1", "/items/status-404"],
    ]);
  });

  test("select keeps what is wanted, on every call by name", async () => {
    const { body } = await graphql(
      'mutation { executeTool(serverId: "shop", toolName: "shop:list_items", input: { limit: 2 }, select: "items[].item_id") { toolName output attempts cached durationMs executionId } }',
    );
    expect(body.data.executeTool).toMatchObject({
      toolName: "list_items",
      output: ["1", "2"],
      attempts: 1,
      cached: false,
    });
  });
});

describe("discovery", () => {
  test("pages follow the cursor to the end, and totalCount counts all", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body } = await graphql(
        "query ($after: String) { tools(first: 2, after: $after) { nodes { name } totalCount pageInfo { hasNextPage endCursor } } }",
        { after },
      );
      const { nodes, totalCount, pageInfo } = body.data.tools;
      expect(totalCount).toBe(5);
      seen.push(...nodes.map(({ name }: { name: string }) => name));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(["get_item", "list_items", "add_item", "remove_item", "break_down"]);
  });

  test("a cursor of another list is refused", async () => {
    const { body } = await graphql('{ tools(after: "bm9uZQ") { totalCount } }');
    expect(body.errors![0]!.extensions).toMatchObject({ code: "VALIDATION_ERROR" });
  });

  test("tools are found by what they do", async () => {
    const { body } = await graphql(
      '{ searchTools(query: "delete an item", first: 2) { score matched tool { name effect } } }',
    );
    expect(body.data.searchTools[0].tool).toEqual({ name: "remove_item", effect: "DESTRUCTIVE" });
    const none = await graphql('{ searchTools(query: "delete an item", serverIds: ["other"]) { score } }');
    expect(none.body.data.searchTools).toEqual([]);
  });

  test("null for an argument with a default means the default", async () => {
    const { body } = await graphql(
      `
        query ($first: Int) {
          tools(first: $first) {
            nodes {
              name
            }
            totalCount
          }
          server(id: "shop") {
            tools(first: null) {
              nodes {
                name
              }
            }
          }
          searchTools(query: "item", first: $first) {
            tool {
              name
            }
          }
        }
      `,
      { first: null },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.tools.nodes).toHaveLength(body.data.tools.totalCount);
    expect(body.data.server.tools.nodes.length).toBeGreaterThan(0);
    expect(body.data.searchTools.length).toBeGreaterThan(0);
    const run = await graphql(
      'mutation { executeTools(calls: [{ serverId: "shop", toolName: "list_items" }], mode: null, stopOnError: null) { status } }',
    );
    expect(run.body).toEqual({ data: { executeTools: [{ status: "SUCCESS" }] } });
  });

  test("every tool's example is a valid operation, and the reads run as they stand", async () => {
    const schema = await introspected();
    const { body } = await graphql("{ tools { nodes { name effect example signature } } }");
    const tools = body.data.tools.nodes as { name: string; effect: string; example: string; signature: string }[];
    expect(tools).toHaveLength(5);
    for (const { name, effect, example, signature } of tools) {
      expect(validate(schema, parse(example)), name).toEqual([]);
      expect(signature).not.toBe("");
      if (effect !== "READ" || name === "break_down") continue;
      const ran = await graphql(example);
      expect(ran.body.errors, example).toBeUndefined();
    }
  });

  async function introspected() {
    const { body } = await graphql(getIntrospectionQuery());
    return buildClientSchema(body.data as IntrospectionQuery);
  }
});

describe("GraphiQL", () => {
  test("the page needs nothing from elsewhere", async () => {
    const response = await fetch(`${opened.gateway.url}/graphql`, { headers: { accept: "text/html" } });
    expect(response.headers.get("content-type")).toMatch(/text\/html/);
    const html = await response.text();
    expect(html).toMatch(/graphiql/i);
    const tags = html.match(/<(script|link|img|iframe)\b[^>]*>/g) ?? [];
    const addresses = tags.flatMap((tag) =>
      [...tag.matchAll(/\b(?:src|href)=["']?([^"'\s>]+)/g)].map(([, url]) => url!),
    );
    expect(addresses.filter((url) => /^(https?:)?\/\//.test(url))).toEqual([]);
    expect(html).not.toMatch(/@import\s+(url\()?["']?https?:/);
  });

  test("a query in the address is answered as JSON, not by the page", async () => {
    const response = await fetch(`${opened.gateway.url}/graphql?query=${encodeURIComponent("{ viewer { id } }")}`, {
      headers: { accept: "text/html, application/json", authorization: "Bearer developer-token-of-the-tests" },
    });
    expect(await response.json()).toEqual({ data: { viewer: { id: "developer" } } });
  });
});
