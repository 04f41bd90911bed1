/** Two roles see two different graphs; what one may not see is for it as if it did not exist. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, shopServer, type OpenedShop } from "./open-shop.ts";

const READER = { authorization: "Bearer key-of-reader" };
const OWNER = { "x-api-key": "key-of-owner" };

let opened: OpenedShop;
beforeAll(async () => {
  opened = await openShop({
    env: { READER: "key-of-reader", OWNER: "key-of-owner" },
    gateway: {
      auth: {
        api_keys: [
          { id: "reader", key_ref: "READER", roles: ["reader"] },
          { id: "owner", key_ref: "OWNER", roles: ["owner"] },
        ],
      },
      policies: [
        {
          roles: ["reader"],
          allow: [{ servers: ["shop"], effects: ["read"], arguments: { properties: { limit: { maximum: 10 } } } }],
          deny: [{ tools: ["break_down"] }],
        },
        { roles: ["owner"], allow: [{}] },
      ],
    },
    more: (url) => [shopServer(url, { id: "shop-vault", name: "Vault" })],
  });
});
afterAll(() => opened[Symbol.asyncDispose]());

const ask = async (headers: Record<string, string>, query: string) =>
  (await opened.gateway.graphql(query, {}, headers)).body;

describe("what each role sees", () => {
  test("of the graph itself", async () => {
    const TYPES = "{ __schema { types { name fields { name } } } }";
    const reader = JSON.stringify(await ask(READER, TYPES));
    const owner = JSON.stringify(await ask(OWNER, TYPES));
    expect(owner).toMatch(/removeItem/);
    expect(owner).toMatch(/ShopMutations/);
    expect(reader).toMatch(/getItem/);
    expect(reader).not.toMatch(/removeItem|addItem|breakDown|ShopMutations|Shop_AddItem/);
  });

  test("of servers and tools", async () => {
    const LISTS = "{ servers { id toolCount } viewer { id roles servers { id } } tools { totalCount nodes { name } } }";
    const reader = (await ask(READER, LISTS)).data;
    expect(reader).toEqual({
      servers: [{ id: "shop", toolCount: 2 }],
      viewer: { id: "reader", roles: ["reader"], servers: [{ id: "shop" }] },
      tools: { totalCount: 2, nodes: [{ name: "get_item" }, { name: "list_items" }] },
    });
    const owner = (await ask(OWNER, LISTS)).data;
    expect(owner.servers.map(({ id }: { id: string }) => id)).toEqual(["shop", "shop-vault"]);
    expect(owner.tools.totalCount).toBe(10);
  });

  test("when searching", async () => {
    const SEARCH = '{ searchTools(query: "remove an item for good", first: 20) { tool { serverId name } } }';
    const names = async (headers: Record<string, string>) =>
      (await ask(headers, SEARCH)).data.searchTools.map(
        ({ tool }: { tool: { name: string } }) => tool.name,
      ) as string[];
    expect(await names(OWNER)).toContain("remove_item");
    expect(await names(READER)).not.toContain("remove_item");
    const rest = await opened.gateway.get("/api/v1/mcp/tools?query=remove%20an%20item", READER);
    expect(rest.text).not.toMatch(/remove_item|vault/);
  });

  test("on REST", async () => {
    const { body: servers } = await opened.gateway.get("/api/v1/mcp/servers", READER);
    expect(servers.servers.map(({ id, tool_count }: { id: string; tool_count: number }) => [id, tool_count])).toEqual([
      ["shop", 2],
    ]);
    const { body: tools } = await opened.gateway.get("/api/v1/mcp/tools", READER);
    expect(tools.tools.map(({ name }: { name: string }) => name)).toEqual(["get_item", "list_items"]);
    expect((await opened.gateway.get("/api/v1/mcp/servers/shop-vault", READER)).status).toBe(404);
    expect((await opened.gateway.get("/api/v1/mcp/servers/shop-vault", OWNER)).status).toBe(200);
  });
});

describe("what may not be seen looks like what does not exist", () => {
  /** The answer with the name and everything that differs from call to call taken out. */
  const anonymised = (text: string, name: string) =>
    text.replaceAll(name, "NAME").replace(/"original_request_id":"[^"]*"|"executionId":"[^"]*"/g, "");

  test.each([
    ["a server", "shop-vault", "shop-vauls", "get_item", "get_item"],
    ["a tool", "shop", "shop", "remove_item", "remove_itex"],
    ["a denied tool", "shop", "shop", "break_down", "break_dowm"],
  ])("%s", async (_, server, noServer, tool, noTool) => {
    const [hidden, absent] = server === noServer ? [tool, noTool] : [server, noServer];
    const chat = async (server_id: string, tool_name: string) =>
      (await opened.gateway.rest({ server_id, tool_name, tool_input: { item_id: "1" } }, READER)).text;
    expect(anonymised(await chat(server, tool), hidden)).toBe(anonymised(await chat(noServer, noTool), absent));
    const byName = async (serverId: string, toolName: string) =>
      (
        await opened.gateway.graphql(
          `mutation { executeTool(serverId: "${serverId}", toolName: "${toolName}", input: { item_id: "1" }) { status serverId toolName message error { type code message details retryable suggestion } } }`,
          {},
          READER,
        )
      ).text;
    expect(anonymised(await byName(server, tool), hidden)).toBe(anonymised(await byName(noServer, noTool), absent));
  });

  test("also as a field of the graph", async () => {
    const text = async (field: string) =>
      anonymised(JSON.stringify(await ask(READER, `mutation { shop { ${field}(itemId: "1") { raw } } }`)), field);
    expect(await text("removeItem")).toBe(await text("removeItex"));
    const look = async (name: string) =>
      JSON.stringify(await ask(READER, `{ tool(serverId: "shop", name: "${name}") { name } }`));
    expect(await look("remove_item")).toBe(await look("nothing"));
  });

  test("hidden names are no suggestion", async () => {
    for (const [server_id, tool_name] of [
      ["shop-vaul", "get_item"],
      ["shop", "remove_itm"],
      ["shop", "break_dow"],
    ]) {
      const { text, status } = await opened.gateway.rest({ server_id, tool_name }, READER);
      expect(status).toBe(404);
      expect(text).not.toMatch(/shop-vault|remove_item|break_down/);
    }
    const owner = await opened.gateway.rest({ server_id: "shop-vaul", tool_name: "get_item" }, OWNER);
    expect(owner.text).toContain("shop-vault");
  });
});

describe("a visible tool with arguments that policy does not allow", () => {
  test("is an AUTHORIZATION_ERROR on both doors, and the server is not asked", async () => {
    const before = opened.shop.requests.length;
    const rest = await opened.gateway.rest(
      { server_id: "shop", tool_name: "list_items", tool_input: { limit: 50 } },
      READER,
    );
    expect([rest.status, rest.body.error.code]).toEqual([403, "AUTHORIZATION_ERROR"]);
    const { data, errors } = await ask(READER, "{ shop { listItems(limit: 50) { more } } }");
    expect(data.shop.listItems).toBeNull();
    expect(errors![0]!.extensions.code).toBe("AUTHORIZATION_ERROR");
    expect(opened.shop.requests.length).toBe(before);
    expect((await ask(READER, "{ shop { listItems(limit: 10) { more } } }")).data.shop.listItems.more).toBe(true);
    expect((await ask(OWNER, '{ shop(server: "shop") { listItems(limit: 50) { more } } }')).errors).toBeUndefined();
  });
});
