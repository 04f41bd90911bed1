/** An MCP server written by hand, for what no SDK would send: bad definitions, odd pages, early death. */
import { appendFileSync, existsSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";

const mode = process.argv[2];
if (process.env.PID_FILE !== undefined) appendFileSync(process.env.PID_FILE, `${process.pid}\n`);

const { FAIL_ONCE } = process.env;
if (FAIL_ONCE !== undefined && existsSync(FAIL_ONCE)) {
  rmSync(FAIL_ONCE);
  process.exit(1);
}

const good = (name: string) => ({ name, inputSchema: { type: "object", properties: { q: { type: "string" } } } });
const malformed = [
  good("first"),
  { name: "rootless", inputSchema: { anyOf: [{ required: ["a"] }, { required: ["b"] }] } },
  { name: "no_schema" },
  { name: "text_schema", inputSchema: "string" },
  { name: "bad_required", inputSchema: { type: "object", properties: { a: {} }, required: "a" } },
  { name: "bad_hints", inputSchema: { type: "object" }, annotations: { readOnlyHint: "yes", destructiveHint: true } },
  { name: "bad_output", inputSchema: { type: "object" }, outputSchema: { type: "array" }, title: 5 },
  { description: "nameless", inputSchema: { type: "object" } },
  null,
  "not a tool",
  good("first"),
  good("last"),
];

function list(cursor: unknown): object {
  if (mode === "malformed") return { tools: malformed };
  const page = cursor === undefined ? 0 : Number(cursor);
  const goesOn = mode === "endless" || page < 2;
  return { tools: [good(`tool_${page}`)], ...(goesOn && { nextCursor: String(page + 1) }) };
}

function answer(method: string, params: { cursor?: unknown; name?: string; protocolVersion?: string }): object {
  switch (method) {
    case "initialize":
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "raw", version: "1" },
        },
      };
    case "tools/list":
      return { result: list(params.cursor) };
    case "tools/call":
      if (params.name === "last") return { result: { structuredContent: [1, 2] } };
      return {
        result: {
          content: [
            { type: "hologram", depth: 3 },
            { type: "text", text: "ok" },
          ],
        },
      };
    default:
      if (mode === "dies-on-unknown") process.exit(9);
      return { error: { code: -32_601, message: "Method not found" } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params = {} } = JSON.parse(line) as { id?: unknown; method: string; params?: object };
  if (id === undefined) continue;
  if (mode === "mute-on-unknown" && method === "server/discover") continue;
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer(method, params) })}\n`);
}
