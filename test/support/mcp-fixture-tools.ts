/** The MCP server that the tests talk to, over stdio or HTTP: a few tools that behave, and some that do not. */
import {
  inputRequired,
  Server,
  type CallToolResult,
  type InputRequiredResult,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** Outlives a connection: over HTTP each request has a server object of its own. */
export interface FixtureState {
  cancelled: number;
  running: number;
  readonly extraTools: string[];
  /** Tells connected clients that the tool list changed. */
  changed?: (server: Server) => void;
  /** Called when the hanging tool started or was cancelled. */
  onHang?: (event: "started" | "cancelled") => void;
}

export function newState(): FixtureState {
  return { cancelled: 0, running: 0, extraTools: [] };
}

const object = (properties: Record<string, { type: string }> = {}, required: string[] = []) => ({
  type: "object" as const,
  properties,
  required,
});
const text = (value: string): CallToolResult => ({ content: [{ type: "text", text: value }] });

const definitions = [
  {
    name: "echo",
    title: "Echo",
    description: "Says it back.",
    inputSchema: object({ message: { type: "string" } }, ["message"]),
    annotations: { readOnlyHint: true, idempotentHint: true },
  },
  {
    name: "sum",
    description: "Adds two numbers.",
    inputSchema: object({ a: { type: "number" }, b: { type: "number" } }, ["a", "b"]),
    outputSchema: object({ sum: { type: "number" } }, ["sum"]),
    annotations: { readOnlyHint: false, destructiveHint: false },
  },
  {
    name: "regional",
    description: "Its region also travels as a header.",
    inputSchema: {
      type: "object" as const,
      properties: { region: { type: "string", "x-mcp-header": "Region" } },
    },
  },
  { name: "remove", inputSchema: object(), annotations: { destructiveHint: true } },
  { name: "process", description: "Process id and environment.", inputSchema: object() },
  { name: "meta", description: "What the call carries besides its arguments.", inputSchema: object() },
  { name: "json", inputSchema: object() },
  { name: "parts", inputSchema: object() },
  { name: "fail", inputSchema: object() },
  { name: "refuse", inputSchema: object() },
  { name: "crash", inputSchema: object() },
  { name: "ask", description: "Asks a person.", inputSchema: object() },
  { name: "hang", inputSchema: object() },
  { name: "cancelled", inputSchema: object() },
  { name: "count", description: "Reports progress.", inputSchema: object() },
  { name: "grow", description: "Adds a tool.", inputSchema: object({ name: { type: "string" } }, ["name"]) },
];

export function fixtureServer(state: FixtureState): Server {
  const server = new Server({ name: "fixture", version: "1.0.0" }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler("tools/list", () => ({
    tools: [...definitions, ...state.extraTools.map((name) => ({ name, inputSchema: object() }))],
  }));
  server.setRequestHandler("tools/call", (request, context) =>
    call(server, state, request.params.name, request.params.arguments ?? {}, context),
  );
  return server;
}

async function call(
  server: Server,
  state: FixtureState,
  name: string,
  input: Record<string, unknown>,
  { mcpReq }: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  switch (name) {
    case "echo":
      return text(String(input.message));
    case "sum":
      return { ...text("see structured content"), structuredContent: { sum: Number(input.a) + Number(input.b) } };
    case "regional":
      return text(String(input.region));
    case "process":
      return text(JSON.stringify({ pid: process.pid, env: process.env, cwd: process.cwd() }));
    case "meta":
      return text(JSON.stringify(mcpReq._meta ?? {}));
    case "json":
      return text(' {"rows": [1, 2]} ');
    case "parts":
      return {
        content: [
          { type: "text", text: "one" },
          { type: "text", text: "two" },
          { type: "image", data: "AAAA", mimeType: "image/png" },
        ],
      };
    case "fail":
      return { ...text("The project key DAWS does not exist; list the projects first."), isError: true };
    case "refuse":
      throw Object.assign(new Error("limit must be positive"), { code: -32_602 });
    case "ask":
      return inputRequired({
        inputRequests: {
          sure: inputRequired.elicit({ message: "Are you sure?", requestedSchema: { type: "object", properties: {} } }),
        },
      });
    case "crash":
      process.exit(3);
    // falls through: process.exit does not return
    case "hang":
      state.onHang?.("started");
      await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve(), { once: true }));
      state.cancelled += 1;
      state.onHang?.("cancelled");
      return text("cancelled");
    case "cancelled":
      return text(JSON.stringify({ cancelled: state.cancelled }));
    case "count": {
      const progressToken = mcpReq._meta?.progressToken;
      if (progressToken === undefined) return text("nobody asks for progress");
      for (let progress = 1; progress <= 3; progress += 1) {
        await mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken, progress, total: 3, message: `step ${progress}` },
        });
      }
      return text("counted");
    }
    case "grow":
      state.extraTools.push(String(input.name));
      if (state.changed) state.changed(server);
      else await server.sendToolListChanged();
      return text("grown");
    default:
      throw Object.assign(new Error(`Unknown tool: ${name}`), { code: -32_602 });
  }
}
