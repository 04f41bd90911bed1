/** Several calls in one request, through both doors: the same answers, the same refusals, the same safety. */
import { describe, expect, it } from "vitest";
import { holdAgainstOpenApi } from "../http/openapi-answers.ts";
import { archiveOnly, rows, startArchive } from "../results/archive-connector.ts";
import { startGateway, type HttpAnswer, type RestBody } from "../support/start-gateway.ts";

const AGENT = { authorization: "Bearer key-of-the-agent" };

async function openBothDoors(gatewayDocument: Record<string, unknown> = {}) {
  const archive = await startArchive();
  const gateway = await startGateway({
    servers: [{ id: "archive", type: "archive", base_url: archive.url }],
    connectors: archiveOnly,
    env: { AGENT_KEY: "key-of-the-agent" },
    gateway: {
      auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY", roles: ["agent"] }] },
      ...gatewayDocument,
    },
  });
  return {
    archive,
    gateway,
    async batch(body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer<RestBody>> {
      const response = await fetch(`${gateway.url}/api/v1/mcp/batch`, {
        method: "POST",
        headers: { "content-type": "application/json", ...AGENT, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
      holdAgainstOpenApi("POST", "/api/v1/mcp/batch", answer);
      return answer;
    },
    graph: (variables: Record<string, unknown>) =>
      gateway.graphql(
        `mutation Run($calls: [ToolCallInput!]!, $mode: ExecutionMode! = PARALLEL, $stop: Boolean! = false) {
           executeTools(calls: $calls, mode: $mode, stopOnError: $stop) {
             status output resultId error { code message details retryable }
           }
         }`,
        variables,
        AGENT,
      ),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await archive[Symbol.asyncDispose]();
    },
  };
}

/** A call in REST's spelling and in the graph's. */
interface Call {
  readonly id?: string;
  readonly tool: string;
  readonly input: unknown;
  readonly select?: string;
}

const inRest = ({ tool, input, ...rest }: Call) => ({
  server_id: "archive",
  tool_name: tool,
  tool_input: input,
  ...rest,
});
const inGraph = ({ tool, input, ...rest }: Call) => ({ serverId: "archive", toolName: tool, input, ...rest });

describe("both doors", () => {
  const calls: readonly Call[] = [
    { id: "list", tool: "list_rows", input: { count: 5 }, select: "length(rows)" },
    { id: "again", tool: "list_rows", input: { count: { $from: "list", select: "rows[2].id" } }, select: "rows[].id" },
    { id: "wrong", tool: "list_rows", input: { count: { $from: "list", select: "rows[0].title" } } },
    { id: "behind", tool: "file_record", input: { count: { $from: "wrong", select: "length(rows)" } } },
    { id: "unknown", tool: "no_such_tool", input: {} },
  ];
  const expected = [
    [5, undefined],
    [[0, 1], undefined],
    [undefined, "VALIDATION_ERROR"],
    [undefined, "DATA_TRANSFORMATION_ERROR"],
    [undefined, "TOOL_NOT_SUPPORTED"],
  ];

  it.each(["PARALLEL", "SEQUENTIAL"])("answer the same, %s", async (mode) => {
    await using open = await openBothDoors();
    const rest = await open.batch({ calls: calls.map(inRest), mode });
    expect(rest.body.results.map((each: RestBody) => [each.tool_output, each.error?.code])).toEqual(expected);
    const graph = await open.graph({ calls: calls.map(inGraph), mode });
    const executions = graph.body.data.executeTools as RestBody[];
    expect(executions.map((each) => [each.output ?? undefined, each.error?.code])).toEqual(expected);
    expect(executions[3].error.details).toEqual(rest.body.results[3].error.details);
    expect(
      open.archive.requests.every(({ method }) => method === "GET"),
      "the write behind a failure never happened",
    ).toBe(true);
  });

  it.each<[string, readonly Call[], string]>([
    [
      "a circle",
      [
        { id: "a", tool: "list_rows", input: { count: { $from: "b" } } },
        { id: "b", tool: "list_rows", input: { count: { $from: "a" } } },
      ],
      "calls.0",
    ],
    ["a dangling reference", [{ tool: "list_rows", input: { count: { $from: "b" } } }], "calls.0.INPUT.count.$from"],
    [
      "bad JMESPath",
      [
        { id: "a", tool: "file_record", input: {} },
        { tool: "list_rows", input: { count: { $from: "a", select: "[" } } },
      ],
      "calls.1.INPUT.count.select",
    ],
  ])("refuse %s before anything runs, naming where", async (_, bad, path) => {
    await using open = await openBothDoors();
    const rest = await open.batch({ calls: bad.map(inRest) });
    expect(rest.status).toBe(400);
    expect(rest.body.error).toMatchObject({
      code: "VALIDATION_ERROR",
      details: [{ path: path.replace("INPUT", "tool_input") }],
    });
    const graph = await open.graph({ calls: bad.map(inGraph) });
    expect(graph.body.errors?.[0]?.extensions).toMatchObject({
      code: "VALIDATION_ERROR",
      details: [{ path: path.replace("INPUT", "input") }],
    });
    expect(open.archive.requests).toHaveLength(0);
  });

  it("stop at the first failure where that is asked for", async () => {
    await using open = await openBothDoors();
    const failing = [
      { tool: "no_such_tool", input: {} },
      { tool: "file_record", input: { count: 1 } },
    ];
    const rest = await open.batch({ calls: failing.map(inRest), mode: "sequential", stop_on_error: true });
    const graph = await open.graph({ calls: failing.map(inGraph), mode: "SEQUENTIAL", stop: true });
    const skipped = {
      code: "DATA_TRANSFORMATION_ERROR",
      details: { skipped: true, stoppedBy: "calls.0" },
      retryable: true,
    };
    expect(rest.body.results[1].error).toMatchObject(skipped);
    expect(graph.body.data.executeTools[1].error).toMatchObject(skipped);
    expect(open.archive.requests).toHaveLength(0);
  });

  it("send $from as it is where it is no reference", async () => {
    await using open = await openBothDoors();
    const { body } = await open.gateway.rest(
      { server_id: "archive", tool_name: "list_rows", tool_input: { count: { $from: "a" } } },
      AGENT,
    );
    expect(body.error.code).toBe("VALIDATION_ERROR");
    expect(body.error.details[0].path).toBe("count");
  });
});

describe("the batch route", () => {
  it.each<[string, unknown]>([
    ["no calls", { calls: [] }],
    [
      "over 100 calls",
      { calls: Array.from({ length: 101 }, () => inRest({ tool: "list_rows", input: { count: 1 } })) },
    ],
    ["an unknown mode", { calls: [inRest({ tool: "list_rows", input: { count: 1 } })], mode: "sideways" }],
    ["an unknown field", { calls: [{ ...inRest({ tool: "list_rows", input: {} }), surprise: 1 }] }],
    ["no server", { calls: [{ tool_name: "list_rows", tool_input: { count: 1 } }] }],
    ["a list", []],
    ["no JSON", "{"],
  ])("refuses %s", async (_, body) => {
    await using open = await openBothDoors();
    const answer = await open.batch(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe("VALIDATION_ERROR");
    expect(open.archive.requests).toHaveLength(0);
  });

  it("takes the server from X-MCP-Target-Server", async () => {
    await using open = await openBothDoors();
    const { body } = await open.batch(
      { calls: [{ tool_name: "list_rows", tool_input: { count: 1 } }] },
      { "x-mcp-target-server": "archive" },
    );
    expect(body.results[0].tool_output).toEqual({ rows: rows(1) });
  });

  it("is closed without a credential", async () => {
    await using open = await openBothDoors();
    expect((await open.batch({ calls: [] }, { authorization: "Bearer wrong" })).status).toBe(401);
  });

  it("keeps a large result of each call, and references still see the whole", async () => {
    await using open = await openBothDoors({ limits: { result_bytes: 2048 } });
    const { body } = await open.batch({
      calls: [
        inRest({ id: "big", tool: "list_rows", input: { count: 300 } }),
        inRest({
          tool: "list_rows",
          input: { count: { $from: "big", select: "length(rows) - `298`" } },
          select: "rows[].id",
        }),
      ],
    });
    expect(body.results[0].tool_output).toMatchObject({ truncated: true, outline: { rows: "array of 300" } });
    expect(body.results[1].tool_output).toEqual([0, 1]);
  });

  it("asks policy for each call with the arguments that were filled in", async () => {
    await using open = await openBothDoors({
      policies: [
        { roles: ["agent"], allow: [{ arguments: { properties: { count: { type: "integer", maximum: 3 } } } }] },
      ],
    });
    const { body } = await open.batch({
      calls: [
        inRest({ id: "few", tool: "list_rows", input: { count: 3 }, select: "length(rows)" }),
        inRest({ tool: "list_rows", input: { count: { $from: "few", select: "length(rows) * `100`" } } }),
        inRest({
          tool: "list_rows",
          input: { count: { $from: "few", select: "length(rows)" } },
          select: "length(rows)",
        }),
      ],
    });
    expect(body.results.map((each: RestBody) => each.tool_output ?? each.error.code)).toEqual([
      3,
      "AUTHORIZATION_ERROR",
      3,
    ]);
  });
});
