/** Every failure of the catalogue looks the same through every door: same code, same words, same advice. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue, type ErrorCode } from "../../src/errors/catalogue.ts";
import type { GraphqlBody, HttpAnswer, RestBody } from "../support/start-gateway.ts";
import { openShop, shopServer, type OpenedShop } from "./open-shop.ts";

interface Case {
  readonly name: string;
  readonly code: ErrorCode;
  readonly status: number;
  readonly server?: string;
  readonly tool?: string;
  readonly input?: unknown;
  readonly select?: string;
  readonly requestId?: string;
  readonly headers?: Record<string, string>;
  /** Pattern of `Retry-After`, seconds. */
  readonly retryAfter?: string;
  readonly serverStatus?: number;
  /** The same call as a typed field; absent where GraphQL itself refuses it first or the field does not exist. */
  readonly field?: string;
  /** Absent where the error has to come from the gateway's front, before there was an operation. */
  readonly before?: "operation";
}

/** Has as many calls running, from the beginning of this file to its end, as a caller may. */
const EAGER = { authorization: "Bearer key-of-eager" };
const AGENT = { authorization: "Bearer key-of-agent" };
const read = (itemId: string) => ({
  tool: "get_item",
  input: { item_id: itemId },
  field: `query { shop(server: "shop") { getItem(itemId: ${JSON.stringify(itemId)}) { name } } }`,
});
const write = (name: string) => ({
  tool: "add_item",
  input: { name },
  field: `mutation { shop(server: "shop") { addItem(name: ${JSON.stringify(name)}) { name } } }`,
});
const remove = (itemId: string) => ({
  tool: "remove_item",
  input: { item_id: itemId },
  field: `mutation { shop(server: "shop") { removeItem(itemId: ${JSON.stringify(itemId)}) { removed } } }`,
});

const cases: readonly Case[] = [
  { name: "an empty name", code: "VALIDATION_ERROR", status: 400, ...write("") },
  { name: "a number for a text", code: "VALIDATION_ERROR", status: 400, tool: "get_item", input: { item_id: 7 } },
  { name: "an unknown field", code: "VALIDATION_ERROR", status: 400, tool: "get_item", input: { item_id: "1", x: 1 } },
  { name: "a missing field", code: "VALIDATION_ERROR", status: 400, tool: "get_item", input: {} },
  { name: "a select that is none", code: "VALIDATION_ERROR", status: 400, ...read("1"), field: "", select: "[[[" },
  {
    name: "a wrong credential",
    code: "AUTHENTICATION_FAILURE_API",
    status: 401,
    ...read("1"),
    headers: { authorization: "Bearer wrong" },
    before: "operation",
  },
  {
    name: "arguments that policy does not allow",
    code: "AUTHORIZATION_ERROR",
    status: 403,
    ...read("secret-plan"),
    headers: AGENT,
  },
  { name: "an unknown server", code: "ROUTING_ERROR", status: 404, server: "shopp", tool: "get_item" },
  { name: "a disabled server", code: "ROUTING_ERROR", status: 404, server: "closed", tool: "get_item" },
  { name: "an unknown tool", code: "TOOL_NOT_SUPPORTED", status: 404, tool: "get_itm" },
  {
    name: "a tool that policy hides",
    code: "TOOL_NOT_SUPPORTED",
    status: 404,
    ...remove("1"),
    field: "",
    headers: AGENT,
  },
  {
    name: "a body over the limit",
    code: "PAYLOAD_TOO_LARGE",
    status: 413,
    ...write("x".repeat(70_000)),
    before: "operation",
  },
  {
    name: "the server's own limit",
    code: "MCP_RATE_LIMIT_EXCEEDED",
    status: 429,
    retryAfter: "7",
    serverStatus: 429,
    server: "busy",
    ...read("limited"),
    field: `query { shop(server: "busy") { getItem(itemId: "limited") { name } } }`,
  },
  {
    name: "our own limit for the server",
    code: "MCP_RATE_LIMIT_EXCEEDED",
    status: 429,
    retryAfter: "[0-9]+",
    server: "slow",
    ...read("2"),
    field: `query { shop(server: "slow") { getItem(itemId: "2") { name } } }`,
  },
  {
    name: "a caller with too many calls running",
    code: "RATE_LIMIT_EXCEEDED",
    status: 429,
    retryAfter: "1",
    ...read("1"),
    headers: EAGER,
  },
  {
    name: "the same request_id while its call is running",
    code: "REQUEST_IN_PROGRESS",
    status: 409,
    retryAfter: "1",
    tool: "add_item",
    input: { name: "gate-running" },
    requestId: "running",
    field: `mutation { shop(server: "shop") { addItem(name: "gate-running", requestId: "running") { name } } }`,
  },
  { name: "a missing secret", code: "CONFIGURATION_ERROR", status: 500, server: "keyless", ...read("1"), field: "" },
  {
    name: "a page instead of JSON",
    code: "DATA_TRANSFORMATION_ERROR",
    status: 502,
    serverStatus: 200,
    ...read("html"),
  },
  { name: "JSON of another shape", code: "DATA_TRANSFORMATION_ERROR", status: 502, serverStatus: 200, ...read("odd") },
  {
    name: "an answer over the cap",
    code: "DATA_TRANSFORMATION_ERROR",
    status: 502,
    serverStatus: 200,
    ...read("huge"),
  },
  {
    name: "an argument that cannot be sent",
    code: "DATA_TRANSFORMATION_ERROR",
    status: 400,
    tool: "get_item",
    input: { item_id: "1", tag: "a\r\nx-admin: yes" },
    field: `query { shop(server: "shop") { getItem(itemId: "1", tag: "a\\r\\nx-admin: yes") { name } } }`,
  },
  {
    name: "nobody listening",
    code: "MCP_CONNECTION_ERROR",
    status: 502,
    server: "nobody",
    ...read("1"),
    field: `query { shop(server: "nobody") { getItem(itemId: "1") { name } } }`,
  },
  { name: "a broken connection on a read", code: "MCP_CONNECTION_ERROR", status: 502, ...read("reset") },
  { name: "a broken connection on a write", code: "MCP_CONNECTION_ERROR", status: 502, ...write("reset") },
  { name: "an answer that breaks off", code: "MCP_CONNECTION_ERROR", status: 502, ...read("halfway") },
  {
    name: "no answer in time",
    code: "MCP_CONNECTION_ERROR",
    status: 504,
    server: "hasty",
    ...read("hang"),
    field: `query { shop(server: "hasty") { getItem(itemId: "hang") { name } } }`,
  },
  {
    name: "the server refuses our credential",
    code: "MCP_AUTHENTICATION_FAILURE",
    status: 502,
    serverStatus: 401,
    ...read("status-401"),
  },
  { name: "the server forbids it", code: "MCP_CLIENT_ERROR", status: 403, serverStatus: 403, ...read("status-403") },
  {
    name: "the server does not find it",
    code: "MCP_CLIENT_ERROR",
    status: 404,
    serverStatus: 404,
    ...remove("status-404"),
  },
  { name: "a conflict", code: "MCP_CLIENT_ERROR", status: 409, serverStatus: 409, ...write("status-409") },
  { name: "an unusable request", code: "MCP_CLIENT_ERROR", status: 422, serverStatus: 422, ...write("status-422") },
  {
    name: "the server failed on a read",
    code: "MCP_SERVER_ERROR",
    status: 502,
    serverStatus: 500,
    ...read("status-500"),
  },
  {
    name: "the server failed on a write",
    code: "MCP_SERVER_ERROR",
    status: 502,
    serverStatus: 503,
    ...write("status-503"),
  },
  {
    name: "a server that failed too often",
    code: "MCP_CIRCUIT_OPEN",
    status: 503,
    retryAfter: "35[0-9]{2}|3600",
    server: "sick",
    ...read("1"),
    field: `query { shop(server: "sick") { getItem(itemId: "1") { name } } }`,
  },
  {
    name: "our own defect",
    code: "API_INTERNAL_ERROR",
    status: 500,
    tool: "break_down",
    input: {},
    field: `query { shop(server: "shop") { breakDown { name } } }`,
  },
];

/** What both doors have to agree on. Waits are compared in whole minutes: they run down between two calls. */
function fromRest(error: RestBody): Record<string, unknown> {
  const { retry_after_ms, mcp_server_status_code, mcp_server_error_details, ...same } = error as Record<
    string,
    unknown
  >;
  return {
    ...same,
    retryAfterMs: minutes(retry_after_ms),
    mcpServerStatusCode: mcp_server_status_code,
    mcpServerErrorDetails: mcp_server_error_details,
  };
}

function fromGraphql(error: Record<string, unknown>): Record<string, unknown> {
  return { ...error, retryAfterMs: minutes(error.retryAfterMs) };
}

function minutes(milliseconds: unknown): unknown {
  return typeof milliseconds === "number" ? Math.ceil(milliseconds / 60_000) : milliseconds;
}

const EXECUTE = /* GraphQL */ `
  mutation Run($serverId: ID!, $toolName: String!, $input: JSON, $select: String, $requestId: String) {
    executeTool(serverId: $serverId, toolName: $toolName, input: $input, select: $select, requestId: $requestId) {
      status
      serverId
      toolName
      output
      message
      error {
        type
        code
        message
        details
        retryable
        retryAfterMs
        suggestion
        mcpServerStatusCode
        mcpServerErrorDetails
      }
    }
  }
`;

let opened: OpenedShop;
/** Calls that run all the while. */
const atTheGate: Promise<HttpAnswer>[] = [];

beforeAll(async () => {
  opened = await openShop({
    env: { AGENT: "key-of-agent", EAGER: "key-of-eager" },
    gateway: {
      auth: {
        api_keys: [
          { id: "agent", key_ref: "AGENT", roles: ["agent"] },
          { id: "eager", key_ref: "EAGER", roles: ["developer"] },
        ],
      },
      limits: { body_bytes: 65_536, concurrent_calls_per_caller: 3 },
      policies: [
        { roles: ["developer"], allow: [{}] },
        {
          roles: ["agent"],
          allow: [{ effects: ["read"], arguments: { properties: { item_id: { not: { pattern: "^secret" } } } } }],
        },
      ],
    },
    more: (url) => [
      shopServer(url, { id: "closed", isEnabled: false }),
      shopServer(url, { id: "keyless", authentication: { method: "bearer_token", tokenRef: "NOT_SET" } }),
      shopServer("http://127.0.0.1:1", { id: "nobody" }),
      shopServer(url, { id: "hasty", timeout_ms: 200 }),
      // Its 429 pauses it, so no other story may need it.
      shopServer(url, { id: "busy" }),
      shopServer(url, { id: "slow", rate_limits: { requests_per_minute: 1, burst_limit: 1 } }),
      shopServer(url, {
        id: "sick",
        circuit_breaker: { volume_threshold: 1, error_threshold_percentage: 1, reset_timeout_ms: 3_600_000 },
      }),
    ],
  });
  const { gateway, shop } = opened;
  await gateway.rest({ server_id: "sick", tool_name: "get_item", tool_input: { item_id: "status-500" } });
  await gateway.rest({ server_id: "slow", tool_name: "get_item", tool_input: { item_id: "1" } });
  const running = { server_id: "shop", tool_name: "add_item", tool_input: { name: "gate-running" } };
  atTheGate.push(gateway.rest({ ...running, request_id: "running" }));
  for (const item_id of ["gate-1", "gate-2", "gate-3"]) {
    atTheGate.push(gateway.rest({ server_id: "shop", tool_name: "get_item", tool_input: { item_id } }, EAGER));
    await shop.arrived(`/items/${item_id}`);
  }
  await shop.arrived("/items");
});
afterAll(async () => {
  opened.shop.openGate();
  for (const { status } of await Promise.all(atTheGate)) expect(status).toBe(200);
  await opened[Symbol.asyncDispose]();
});

describe("the same failure through every door", () => {
  test.each(cases)("$code: $name", async (example) => {
    const { gateway } = opened;
    const { server = "shop", tool = "get_item", input = { item_id: "1" }, select, requestId, headers = {} } = example;
    const named = { server_id: server, tool_name: tool, tool_input: input };
    const key: Record<string, string> = requestId === undefined ? {} : { "idempotency-key": requestId };
    const query = select && `?select=${encodeURIComponent(select)}`;
    const answers = {
      chat: await gateway.rest({ ...named, select, request_id: requestId }, headers),
      path: await gateway.restByPath(server, tool, input, { ...headers, ...key }, query),
      graphql: await gateway.graphql(EXECUTE, { serverId: server, toolName: tool, input, select, requestId }, headers),
      field: example.field ? await gateway.graphql(example.field, {}, headers) : undefined,
    };

    const expected = fromRest(answers.chat.body.error);
    expect(expected).toMatchObject({ code: example.code, type: catalogue[example.code].type });
    expect(expected.mcpServerStatusCode).toBe(example.serverStatus ?? null);
    for (const rest of [answers.chat, answers.path]) {
      expect(rest.status).toBe(example.status);
      expect(rest.headers.get("retry-after") ?? "").toMatch(new RegExp(`^(${example.retryAfter ?? ""})$`));
      expect(fromRest(rest.body.error)).toEqual(expected);
    }
    for (const answer of [answers.graphql, answers.field]) {
      if (answer) expect(graphqlError(answer, example.before)).toEqual(expected);
    }
    if (example.before) {
      expect(answers.graphql.status).toBe(example.status);
    } else {
      const { executeTool } = answers.graphql.body.data;
      expect(executeTool).toMatchObject({ status: "ERROR", serverId: server, output: null, message: expected.message });
      expect(executeTool).toMatchObject({ toolName: tool });
      expect([answers.chat.body.server_id, answers.chat.body.tool_name]).toEqual([server, tool]);
    }
  });

  test("every code of the catalogue is provoked here", () => {
    expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual(Object.keys(catalogue).sort());
  });

  test("a defect's inside is in the log and nowhere else", async () => {
    const { gateway } = opened;
    const { text } = await gateway.rest({ server_id: "shop", tool_name: "break_down" }, { "x-request-id": "defect-1" });
    expect(text).not.toMatch(/etc|secret|TypeError|shop-connector/);
    const line = gateway.logLines().find((each) => each.correlation_id === "defect-1");
    expect(JSON.stringify(line)).toMatch(/Cannot read \/etc\/shop\/secret/);
    expect(line).toMatchObject({ level: "error", error_code: "API_INTERNAL_ERROR" });
  });

  test("a read that broke off may be repeated, a write may not", async () => {
    const { gateway } = opened;
    const retryable = async ({ tool, input }: { tool: string; input: unknown }) =>
      (await gateway.rest({ server_id: "shop", tool_name: tool, tool_input: input })).body.error.retryable as boolean;
    expect(await retryable(read("reset"))).toBe(true);
    expect(await retryable(write("reset"))).toBe(false);
  });
});

/** The one error of an answer: in `executeTool`, of the typed field, or in front of both. */
function graphqlError({ body }: HttpAnswer<GraphqlBody>, before: Case["before"]): Record<string, unknown> {
  if (body.data?.executeTool) return fromGraphql(body.data.executeTool.error as Record<string, unknown>);
  expect(body.errors).toHaveLength(1);
  const [error] = body.errors!;
  if (before) expect(body.data).toBeUndefined();
  else expect([error!.path?.[0], Object.values(body.data.shop)]).toEqual(["shop", [null]]);
  return fromGraphql({ message: error!.message, ...error!.extensions });
}
