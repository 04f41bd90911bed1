/** The REST door beside running tools: its document, lists, health, and what travels with a call. Every answer is held against the document. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, shopServer, type OpenedShop } from "../e2e/open-shop.ts";

const GET_ITEM = { server_id: "shop", tool_name: "get_item", tool_input: { item_id: "1" } };

let opened: OpenedShop;
beforeAll(async () => {
  opened = await openShop({
    env: { SHOP_TOKEN: "token-of-the-shop" },
    gateway: { logging: { redact: ["*.pin", "status"] } },
    more: (url) => [
      shopServer(url, {
        id: "mapped",
        name: "Mapped shop",
        tool_mapping: { fetch: "get_item" },
        default_tool_config: { list_items: { limit: 1 } },
        authentication: { method: "bearer_token", tokenRef: "SHOP_TOKEN" },
        metadata: { description: "With an alias and defaults." },
        tool_overrides: { remove_item: { is_enabled: false }, add_item: { effect: "destructive" } },
      }),
      shopServer(url, { id: "keyless", authentication: { method: "bearer_token", tokenRef: "NOT_SET" } }),
    ],
  });
});
afterAll(() => opened[Symbol.asyncDispose]());

describe("the document", () => {
  test("is valid OpenAPI 3.1 and open to everybody", async () => {
    const response = await fetch(`${opened.gateway.url}/api/v1/openapi.json`);
    const document = (await response.json()) as Record<string, unknown>;
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths as object)).toEqual(
      expect.arrayContaining([
        "/api/v1/mcp/chat",
        "/api/v1/mcp/servers/{server_id}/tools/{tool_name}",
        "/api/v1/mcp/servers",
        "/api/v1/mcp/tools",
        "/api/v1/mcp/health",
        "/api/v1/mcp/ready",
        "/api/v1/auth/token",
      ]),
    );
  });
});

describe("running a tool", () => {
  test("a success says what was done and gives the output", async () => {
    const { body } = await opened.gateway.rest({ ...GET_ITEM, request_id: "call-1" });
    expect(body).toEqual({
      status: "success",
      server_id: "shop",
      tool_name: "get_item",
      tool_output: { item_id: "1", name: "Item 1", in_stock: true },
      message: expect.any(String) as string,
      original_request_id: "call-1",
    });
  });

  test("include_original_request echoes the call, after a success and after a failure", async () => {
    for (const item_id of ["1", "status-404"]) {
      const call = { ...GET_ITEM, tool_input: { item_id }, include_original_request: true };
      expect((await opened.gateway.rest(call)).body.original_request).toMatchObject(call);
      expect((await opened.gateway.rest({ ...call, include_original_request: false })).body).not.toHaveProperty(
        "original_request",
      );
    }
  });

  test("the conversation reaches the connector, on both doors", async () => {
    await opened.gateway.rest({
      server_id: "shop",
      tool_name: "add_item",
      tool_input: { name: "Lamp" },
      conversation_context: { thread_id: "thread-1", user_query_history: [{ role: "user", content: "a lamp" }] },
    });
    expect(JSON.parse(opened.shop.requests.at(-1)!.body)).toEqual({ name: "Lamp", thread: "thread-1" });
    await opened.gateway.graphql(
      'mutation { executeTool(serverId: "shop", toolName: "add_item", input: { name: "Desk" }, conversationContext: { threadId: "thread-2" }) { status } }',
    );
    expect(JSON.parse(opened.shop.requests.at(-1)!.body)).toEqual({ name: "Desk", thread: "thread-2" });
  });

  test("aliases, type prefixes and configured defaults", async () => {
    const run = async (tool_name: string, tool_input: object) =>
      (await opened.gateway.rest({ server_id: "mapped", tool_name, tool_input })).body;
    expect(await run("fetch", { item_id: "1" })).toMatchObject({ status: "success", tool_name: "get_item" });
    expect(await run("shop:fetch", { item_id: "1" })).toMatchObject({ status: "success", tool_name: "get_item" });
    expect((await run("list_items", {})).tool_output.items).toHaveLength(1);
    expect((await run("list_items", { limit: 2 })).tool_output.items).toHaveLength(2);
    expect((await run("remove_item", { item_id: "1" })).error.code).toBe("TOOL_NOT_SUPPORTED");
  });

  test("the gateway's own credential stays here, the server gets its own", async () => {
    await opened.gateway.rest({ ...GET_ITEM, server_id: "mapped" });
    expect(opened.shop.requests.at(-1)!.headers.authorization).toBe("Bearer token-of-the-shop");
    await opened.gateway.rest(GET_ITEM);
    expect(opened.shop.requests.at(-1)!.headers).not.toHaveProperty("authorization");
    expect(JSON.stringify(opened.shop.requests)).not.toContain("developer-token-of-the-tests");
  });
});

describe("X-Request-ID", () => {
  test("is taken over: answered, sent upstream, and on the call's log line, through every door", async () => {
    const asked = [
      await opened.gateway.rest(GET_ITEM, { "x-request-id": "trace-rest" }),
      await opened.gateway.restByPath("shop", "get_item", { item_id: "1" }, { "x-request-id": "trace-path" }),
      await opened.gateway.graphql(
        '{ shop(server: "shop") { getItem(itemId: "1") { name } } }',
        {},
        { "x-request-id": "trace-graphql" },
      ),
    ];
    const ids = ["trace-rest", "trace-path", "trace-graphql"];
    expect(asked.map(({ headers }) => headers.get("x-request-id"))).toEqual(ids);
    expect(opened.shop.requests.slice(-3).map(({ headers }) => headers["x-request-id"])).toEqual(ids);
    for (const id of ids) {
      expect(opened.gateway.logLines().filter((line) => line.correlation_id === id)).toEqual([
        expect.objectContaining({ server_id: "shop", tool_name: "get_item", caller_id: "developer" }),
      ]);
    }
  });

  test("is made when there is none, and then is the original_request_id", async () => {
    const { headers, body } = await opened.gateway.rest(GET_ITEM);
    const made = headers.get("x-request-id");
    expect(made).toMatch(/^[\da-f-]{36}$/);
    expect(body.original_request_id).toBe(made);
    expect(opened.shop.requests.at(-1)!.headers["x-request-id"]).toBe(made);
  });

  test("is on the log line of a refused credential, whichever door refused it", async () => {
    const wrong = (id: string) => ({ "x-request-id": id, authorization: "Bearer wrong" });
    await opened.gateway.rest(GET_ITEM, wrong("refused-chat"));
    await opened.gateway.restByPath("shop", "get_item", {}, wrong("refused-path"));
    await opened.gateway.get("/api/v1/mcp/tools", wrong("refused-list"));
    await opened.gateway.graphql("{ viewer { id } }", {}, wrong("refused-graphql"));
    const refused = opened.gateway.logLines().filter(({ msg }) => msg === "authentication refused");
    expect(refused.map((line) => line.correlation_id)).toEqual([
      "refused-chat",
      "refused-path",
      "refused-list",
      "refused-graphql",
    ]);
  });

  test("is on every kind of answer, refusals included", async () => {
    const id = { "x-request-id": "always" };
    const answers = [
      await opened.gateway.rest("not json", id),
      await opened.gateway.rest(GET_ITEM, { ...id, authorization: "Bearer wrong" }),
      await opened.gateway.get("/api/v1/mcp/health", id),
      await opened.gateway.get("/nothing", id),
      await opened.gateway.graphql("{", {}, id),
      await opened.gateway.graphql("{ viewer { id } }", {}, { ...id, authorization: "Bearer wrong" }),
    ];
    expect(answers.map(({ headers }) => headers.get("x-request-id"))).toEqual(answers.map(() => "always"));
  });
});

describe("lists", () => {
  test("servers with their state, and never a secret", async () => {
    const { body, text } = await opened.gateway.get("/api/v1/mcp/servers");
    expect(body.servers.map(({ id, status }: Record<string, unknown>) => [id, status])).toEqual([
      ["shop", "READY"],
      ["mapped", "READY"],
      ["keyless", "DEGRADED"],
    ]);
    expect(body.servers[1]).toMatchObject({ name: "Mapped shop", tool_count: 4, metadata: { description: /alias/ } });
    expect(body.servers[2].status_reason).toMatch(/NOT_SET/);
    expect(text).not.toContain("token-of-the-shop");
    const one = await opened.gateway.get("/api/v1/mcp/servers/mapped");
    expect(one.body).toEqual(body.servers[1]);
  });

  test.each([
    ["mcp", (tool: Record<string, unknown>) => [tool.name, tool.inputSchema]],
    ["openai", ({ function: f }: Record<string, unknown>) => [(f as never)["name"], (f as never)["parameters"]]],
    ["anthropic", (tool: Record<string, unknown>) => [tool.name, tool.input_schema]],
    ["gemini", (tool: Record<string, unknown>) => [tool.name, tool.parametersJsonSchema]],
  ] as const)("tools in the format of %s, each with a way back to its server", async (format, read) => {
    const { body } = await opened.gateway.get(`/api/v1/mcp/tools?format=${format}`);
    expect(body).toMatchObject({ format, total: 9 });
    expect(Object.values(body.routes)).toHaveLength(9);
    for (const tool of body.tools as Record<string, unknown>[]) {
      const [name, schema] = read(tool);
      expect(schema).toMatchObject({ type: "object" });
      const key = format === "mcp" ? `${String(tool.server_id)}/${String(name)}` : String(name);
      expect(key).toMatch(format === "mcp" ? /./ : /^[\w-]{1,64}$/);
      const route = body.routes[key] as { server_id: string; tool_name: string };
      const ran = await opened.gateway.rest({ ...route, tool_input: { item_id: "1", name: "Lamp" } });
      expect(String(ran.body.error?.code)).not.toMatch(/ROUTING|NOT_SUPPORTED/);
    }
  });

  test("tools by server, effect, need and number; wrong filters are refused", async () => {
    const names = async (query: string) =>
      (await opened.gateway.get(`/api/v1/mcp/tools?${query}`)).body.tools.map(
        ({ name }: { name: string }) => name,
      ) as string[];
    expect(await names("server_id=shop&effect=destructive")).toEqual(["remove_item"]);
    expect(await names("server_id=mapped&effect=destructive")).toEqual(["add_item"]);
    expect((await names("query=add%20an%20item&limit=1"))[0]).toBe("add_item");
    for (const [query, status] of [
      ["format=other", 400],
      ["effect=sideways", 400],
      ["limit=0", 400],
      ["colour=red", 400],
      ["server_id=nothing", 404],
    ] as const) {
      expect([query, (await opened.gateway.get(`/api/v1/mcp/tools?${query}`)).status]).toEqual([query, status]);
    }
  });
});

describe("health", () => {
  test("is told to everybody and asks no server", async () => {
    const before = opened.shop.requests.length;
    for (const [path, body] of [
      ["health", { status: "UP" }],
      ["ready", { status: "READY" }],
    ] as const) {
      const response = await fetch(`${opened.gateway.url}/api/v1/mcp/${path}`);
      expect([response.status, await response.json()]).toEqual([200, body]);
    }
    expect(opened.shop.requests.length).toBe(before);
  });
});

describe("what came from memory says so", () => {
  test("a write that is sent again with its request_id is replayed, and a read within its time has an age", async () => {
    await using shop = await openShop({
      more: (url) => [shopServer(url, { id: "remembering", cache_ttl_ms: 60_000 })],
    });
    const write = {
      server_id: "shop",
      tool_name: "add_item",
      tool_input: { name: "Chair" },
      request_id: "add-the-chair",
    };
    const first = await shop.gateway.rest(write);
    const second = await shop.gateway.rest(write);
    expect([first.headers.get("idempotent-replayed"), second.headers.get("idempotent-replayed")]).toEqual([
      null,
      "true",
    ]);
    expect(second.body).toEqual(first.body);
    const read = { server_id: "remembering", tool_name: "get_item", tool_input: { item_id: "1" } };
    expect((await shop.gateway.rest(read)).headers.get("age")).toBe(null);
    expect((await shop.gateway.rest(read)).headers.get("age")).toMatch(/^\d+$/);
  });
});

describe("the log", () => {
  test("has a line for a request that was refused before a tool ran", async () => {
    await opened.gateway.rest({ tool: "get_item" }, { "x-request-id": "refused-1" });
    await fetch(`${opened.gateway.url}/nowhere`, { headers: { "x-request-id": "refused-2" } });
    const refused = opened.gateway.logLines().filter(({ msg }) => msg === "request refused");
    expect(refused.map(({ correlation_id, error_code }) => [correlation_id, error_code])).toEqual(
      expect.arrayContaining([
        ["refused-1", "VALIDATION_ERROR"],
        ["refused-2", "ROUTING_ERROR"],
      ]),
    );
  });

  test("holds no credential and no body, and redacts what the configuration names", async () => {
    opened.gateway.composed.gateway.log.info(
      { payment: { pin: "pin-of-the-payer" }, user: { password: "hunter2" } },
      "told",
    );
    const text = JSON.stringify(opened.gateway.logLines());
    expect(text).toContain('"payment":{"pin":"[redacted]"},"user":{"password":"[redacted]"}');
    expect(text).not.toMatch(/pin-of-the-payer|hunter2|token-of-the-shop|developer-token-of-the-tests/);
    const statuses = opened.gateway.logLines().filter((line) => "status" in line);
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(["[redacted]"]));
  });
});
