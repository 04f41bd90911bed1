/** What a stranger may send: each is refused with a reason, in bounded time and memory, and the next call works. */
import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openShop, shopServer, type OpenedShop } from "../e2e/open-shop.ts";
import type { RestBody } from "../support/start-gateway.ts";

const TOKEN = "token-of-hostile-tests";
const AUTHORIZATION = { authorization: `Bearer ${TOKEN}` };
const GOOD = { server_id: "shop", tool_name: "get_item", tool_input: { item_id: "1" } };

let opened: OpenedShop;
beforeAll(async () => {
  opened = await openShop({
    developerToken: TOKEN,
    more: (url) => [shopServer(url, { id: "hasty", timeout_ms: 300 })],
  });
});
afterEach(async () => {
  expect((await opened.gateway.rest(GOOD)).body.status).toBe("success");
});
afterAll(() => opened[Symbol.asyncDispose]());

interface Expected {
  readonly status?: number;
  readonly code?: string;
  readonly path?: string;
  readonly message?: RegExp;
}

function expectFailure(answer: { status: number; body: RestBody }, { status = 400, code, path, message }: Expected) {
  expect(answer.body.error).toMatchObject({ code: code ?? "VALIDATION_ERROR" });
  expect(answer.status).toBe(status);
  if (path !== undefined) expect(answer.body.error.details.map((each: { path: string }) => each.path)).toContain(path);
  if (message) expect(answer.body.error.message).toMatch(message);
}

describe("bodies that are no request", () => {
  const bodies: Record<string, [string, Expected]> = {
    nothing: ["", { message: /empty/ }],
    "half of JSON": ['{"server_id": "shop", ', { message: /not JSON/ }],
    "a list": ["[]", { path: "" }],
    null: ["null", { path: "" }],
    "a text": ['"shop"', { path: "" }],
    "numbers for names": ['{"server_id": 1, "tool_name": 2}', { path: "server_id" }],
    "a text for the input": [
      '{"server_id":"shop","tool_name":"get_item","tool_input":"1"}',
      { path: "tool_input", message: /expected object, received string/ },
    ],
    "a list for the input": ['{"server_id":"shop","tool_name":"get_item","tool_input":[]}', { path: "tool_input" }],
    "an unknown field": ['{"server_id":"shop","tool_name":"get_item","tool_inputs":{}}', { path: "tool_inputs" }],
    "no tool": ['{"server_id":"shop"}', { path: "tool_name" }],
    "no server": ['{"tool_name":"get_item"}', { path: "server_id" }],
    "a request id with a line break": [JSON.stringify({ ...GOOD, request_id: "a\r\nb" }), { path: "request_id" }],
    "a history of the wrong form": [
      JSON.stringify({ ...GOOD, conversation_context: { user_query_history: ["hi"] } }),
      { path: "conversation_context.user_query_history.0" },
    ],
    "nesting of 100,000 levels": [`{"a":${"[".repeat(100_000)}`, { message: /nested deeper/ }],
    "nesting inside a text only": [
      JSON.stringify({ ...GOOD, tool_name: "[".repeat(200) }),
      { status: 404, code: "TOOL_NOT_SUPPORTED" },
    ],
  };

  test.each(Object.entries(bodies))("%s", async (_, [body, expected]) => {
    expectFailure(await opened.gateway.rest(body), expected);
  });

  test("bytes that are not UTF-8", async () => {
    for (const path of ["/api/v1/mcp/chat", "/graphql"]) {
      const answer = await raw("POST", path, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/not UTF-8/);
    }
  });

  test("the path's own encoding is broken", async () => {
    const answer = await raw("POST", "/api/v1/mcp/servers/shop%ZZ/tools/get_item", "{}");
    expectFailure({ status: answer.status, body: JSON.parse(answer.text) }, { message: /percent-encoded/ });
  });
});

describe("which server is meant", () => {
  test("the header alone is enough", async () => {
    const { body } = await opened.gateway.rest(
      { tool_name: "get_item", tool_input: { item_id: "1" } },
      { "x-mcp-target-server": "shop" },
    );
    expect(body).toMatchObject({ status: "success", server_id: "shop" });
  });

  test("header and body may agree, and are refused when they differ", async () => {
    expect((await opened.gateway.rest(GOOD, { "x-mcp-target-server": "shop" })).status).toBe(200);
    expectFailure(await opened.gateway.rest(GOOD, { "x-mcp-target-server": "hasty" }), { path: "server_id" });
  });

  test("what is expected is told in words, not as the name of a check", async () => {
    const { body } = await opened.gateway.rest({ ...GOOD, request_id: "two words" });
    expect(body.error.details).toEqual([{ path: "request_id", problem: "must be 1 to 200 visible ASCII characters" }]);
  });

  test("a misspelt server or tool is told the nearest name", async () => {
    const server = await opened.gateway.rest({ ...GOOD, server_id: "shpo" });
    expectFailure(server, { status: 404, code: "ROUTING_ERROR" });
    expect(server.body.error).toMatchObject({ details: { nearest: ["shop"] }, suggestion: "Did you mean 'shop'?" });
    const tool = await opened.gateway.rest({ ...GOOD, tool_name: "get_itme" });
    expectFailure(tool, { status: 404, code: "TOOL_NOT_SUPPORTED" });
    expect(tool.body.error.details.nearest[0]).toBe("get_item");
  });

  test("an unknown route and a wrong method say so", async () => {
    expect((await opened.gateway.get("/api/v2/nothing")).status).toBe(404);
    const wrong = await fetch(`${opened.gateway.url}/api/v1/mcp/chat`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    const posted = await fetch(`${opened.gateway.url}/api/v1/mcp/health`, { method: "POST" });
    expect(posted.headers.get("allow")).toBe("GET, HEAD");
  });

  test("HEAD is answered wherever GET is: load balancers ask health that way", async () => {
    const head = await fetch(`${opened.gateway.url}/api/v1/mcp/health`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect((await fetch(`${opened.gateway.url}/api/v1/mcp/chat`, { method: "HEAD" })).status).toBe(405);
  });
});

describe("bodies over the limit", () => {
  const FIVE_MEGABYTES = Buffer.alloc(5 * 1024 * 1024, 0x20);

  test.each(["/api/v1/mcp/chat", "/api/v1/mcp/servers/shop/tools/get_item", "/graphql"])(
    "5 MB to %s are refused with 413",
    async (path) => {
      const answer = await raw("POST", path, FIVE_MEGABYTES);
      expect(answer.status).toBe(413);
      expect(answer.text).toContain("PAYLOAD_TOO_LARGE");
    },
  );

  test.each(["/api/v1/mcp/chat", "/graphql"])("so is a body to %s that does not tell its length", async (path) => {
    const request = httpRequest(`${opened.gateway.url}${path}`, {
      method: "POST",
      headers: { ...AUTHORIZATION, "content-type": "application/json" },
    });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    request.on("error", () => {});
    for (let sent = 0; sent < 80; sent += 1) request.write(Buffer.alloc(64 * 1024, 0x20));
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test("a caller that goes away in the middle of its body harms nobody", async () => {
    const { hostname, port } = new URL(opened.gateway.url);
    for (const path of ["/api/v1/mcp/chat", "/graphql"]) {
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":`,
        () => socket.destroy(),
      );
      await once(socket, "close");
    }
  });
});

describe("operations over the limit", () => {
  test.each([
    ["200,000 fields", `{ ${"a: __typename ".repeat(200_000)} }`, /PAYLOAD_TOO_LARGE|limit|token/i],
    ["50,000 fields", `{ ${"__typename ".repeat(50_000)} }`, /token/i],
    ["a depth of 5,000", `{ ${"servers { ".repeat(5_000)} id ${"} ".repeat(5_000)} }`, /nested too deep/],
    [
      "fragments that double at each level",
      `{ ...F0 } ${Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} ...F${i + 1} }`).join(" ")} fragment F40 on Query { servers { id } }`,
      /cost/i,
    ],
    ["a depth of 1,500", `{ ${"servers { ".repeat(1_500)} id ${"} ".repeat(1_500)} }`, /depth/],
    [
      "a list of 9,000 levels as argument",
      `{ searchTools(query: ${"[".repeat(9_000)}${"]".repeat(900)}) { score } }`,
      /nested too deep|token/,
    ],
    [
      "1,200 fragments, each in the one before",
      `{ ...F0 } ${Array.from({ length: 1_200 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} }`).join(" ")} fragment F1200 on Query { none }`,
      /none|nest/,
    ],
    ["one field 2,400 times", `{ ${"servers { id } ".repeat(2_400)} none }`, /none|too many times/],
    [
      "one field 900 times with other arguments",
      `{ ${Array.from({ length: 900 }, (_, i) => `server(id: "${i}") { id }`).join(" ")} }`,
      /conflict|too many times/,
    ],
    ["fragments in a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", /fragment/i],
    [
      "lists of lists of lists",
      "{ servers { a: tools(first: 500) { nodes { name inputSchema outputSchema } } b: tools(first: 500) { nodes { name signature example diagnostics annotations description title effect } } } }",
      /cost/i,
    ],
  ])("%s are refused", async (_, query, message) => {
    // Were each field compared with all others, or what doubles followed to its end, the answer would outlast the test's own time.
    const answer = await opened.gateway.graphql(query);
    expect(answer.text).toMatch(message);
    expect(answer.body.data).toBeUndefined();
  });

  test("deeply nested variables are refused before anything reads them", async () => {
    const { status, text } = await raw(
      "POST",
      "/graphql",
      `{"query":"{ viewer { id } }","variables":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`,
    );
    expect(status).toBe(400);
    expect(text).toMatch(/nested deeper/);
  });
});

describe("credentials", () => {
  const unsigned = [
    { alg: "none", typ: "JWT" },
    { iss: "https://idp.example", sub: "admin", exp: 9_999_999_999 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");

  test.each([
    ["none", {}],
    ["a wrong key", { authorization: "Bearer wrong" }],
    ["a wrong scheme", { authorization: `Basic ${TOKEN}` }],
    ["a token without signature", { authorization: `Bearer ${unsigned}.` }],
    ["two that differ", { ...AUTHORIZATION, "x-api-key": "other" }],
    ["20 KB", { authorization: `Bearer ${"x".repeat(15_000)}` }],
  ])("%s is refused on every door", async (_, headers) => {
    for (const path of ["/api/v1/mcp/chat", "/graphql", "/api/v1/mcp/servers/shop/tools/get_item"]) {
      const answer = await raw("POST", path, "{}", headers);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.text).toContain("AUTHENTICATION_FAILURE_API");
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
      expect(answer.text).not.toContain(TOKEN);
    }
    for (const path of ["/api/v1/mcp/servers", "/api/v1/mcp/tools", "/graphql?query=%7Bviewer%7Bid%7D%7D"]) {
      expect((await raw("GET", path, undefined, headers)).status).toBe(401);
    }
  });

  test("a foreign page and a foreign host are refused although the credential is good", async () => {
    for (const headers of [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { host: "evil.example" },
    ]) {
      for (const path of ["/api/v1/mcp/chat", "/graphql"]) {
        expect((await raw("POST", path, JSON.stringify(GOOD), { ...AUTHORIZATION, ...headers })).status).toBe(403);
      }
    }
  });
});

describe("names that are meant to break out", () => {
  test("an X-Request-ID that is not fit for headers is replaced", async () => {
    for (const id of ["two words", "x".repeat(500), "ünïcode"]) {
      const answer = await raw("POST", "/api/v1/mcp/chat", JSON.stringify(GOOD), {
        ...AUTHORIZATION,
        "x-request-id": Buffer.from(id).toString("latin1"),
      });
      expect(answer.status).toBe(200);
      expect(answer.headers["x-request-id"]).toMatch(/^[\da-f-]{36}$/);
    }
  });

  test("line breaks in names reach neither headers nor log lines", async () => {
    const evil = "shop\r\nSet-Cookie: a=b";
    for (const call of [
      { ...GOOD, server_id: evil },
      { ...GOOD, tool_name: evil },
    ]) {
      const answer = await opened.gateway.rest(call);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(answer.body.error.message).not.toMatch(/[\r\n]/);
    }
    const byPath = await opened.gateway.restByPath(evil, "get_item", {});
    expect([byPath.status, byPath.headers.get("set-cookie")]).toEqual([404, null]);
  });

  test("__proto__ and constructor stay plain data all the way", async () => {
    const attributes = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const before = opened.shop.requests.length;
    const { status } = await opened.gateway.rest(
      `{"server_id":"shop","tool_name":"add_item","tool_input":{"name":"Lamp","attributes":${attributes}}}`,
    );
    await opened.gateway.graphql(
      'mutation ($i: JSON) { executeTool(serverId: "shop", toolName: "add_item", input: $i) { status } }',
      { i: { name: "Lamp", attributes: JSON.parse(attributes) as unknown } },
    );
    expect(status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const sent = opened.shop.requests.slice(before).map(({ body }) => body);
    expect(sent).toHaveLength(2);
    for (const body of sent) {
      const parsed = JSON.parse(body) as Record<string, unknown>;
      expect(Object.keys(parsed)).toEqual(["name", "attributes"]);
      expect(Object.getPrototypeOf(parsed.attributes)).toBe(Object.prototype);
    }
  });

  test("__proto__ beside the input's own fields is an unknown field, as a name it is unknown", async () => {
    const answer = await opened.gateway.rest(
      '{"server_id":"shop","tool_name":"get_item","tool_input":{"item_id":"1","__proto__":{"tag":"x"}}}',
    );
    expect([200, 400]).toContain(answer.status);
    expect(opened.shop.requests.at(-1)?.headers).not.toHaveProperty("x-tag");
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect((await opened.gateway.rest({ ...GOOD, server_id: name })).body.error.code).toBe("ROUTING_ERROR");
      expect((await opened.gateway.rest({ ...GOOD, tool_name: name })).body.error.code).toBe("TOOL_NOT_SUPPORTED");
      expect((await opened.gateway.rest({ ...GOOD, tool_name: `shop:${name}` })).body.error.code).toBe(
        "TOOL_NOT_SUPPORTED",
      );
    }
  });
});

describe("servers that misbehave", () => {
  test.each([
    ["hangs", "hasty", "hang", 504],
    ["dies within its answer", "shop", "halfway", 502],
    ["answers a page", "shop", "html", 502],
    ["answers 100 MB", "shop", "huge", 502],
  ])("one that %s ends in an error within bounds", async (_, server_id, item_id, status) => {
    const memoryBefore = process.memoryUsage().arrayBuffers;
    // The one that hangs never answers: that there is an answer at all is the gateway's own bound.
    const answer = await opened.gateway.rest({ server_id, tool_name: "get_item", tool_input: { item_id } });
    expect(answer.status).toBe(status);
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(64 * 1024 * 1024);
  });

  test("20 hanging calls at once are all given up, and leave nothing running", async () => {
    const calls = Array.from({ length: 20 }, () =>
      opened.gateway.rest({ server_id: "hasty", tool_name: "get_item", tool_input: { item_id: "hang" } }),
    );
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(504);
    const { body } = await opened.gateway.get("/api/v1/mcp/servers/hasty");
    expect(body.health.running_calls).toBe(0);
  });
});

async function raw(
  method: string,
  path: string,
  body: string | Uint8Array | undefined,
  headers: Record<string, string> = AUTHORIZATION,
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const request = httpRequest(`${opened.gateway.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  // A refused body may break the connection while it is still being sent.
  request.on("error", () => {});
  request.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() };
}
