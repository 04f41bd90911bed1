/** An MCP server on standard streams that does nothing itself: one read tool that answers a kilobyte of text. */
import { createInterface } from "node:readline";

interface Request {
  readonly id?: number | string;
  readonly method: string;
}

const items = Array.from({ length: 8 }, (_, index) => ({
  id: `item-${index}`,
  title: `Something worth a line of text, number ${index}`,
  status: index % 2 === 0 ? "open" : "closed",
  score: index * 1.5,
}));
const answers: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: "2025-06-18",
    capabilities: { tools: {} },
    serverInfo: { name: "bench", version: "1.0.0" },
  },
  "tools/list": {
    tools: [
      {
        name: "lookup",
        description: "Finds items.",
        inputSchema: {
          type: "object",
          properties: {
            query: { type: "string", maxLength: 1000 },
            limit: { type: "integer", minimum: 1, maximum: 100 },
            tags: { type: "array", items: { type: "string" } },
          },
          required: ["query"],
        },
        annotations: { readOnlyHint: true },
      },
    ],
  },
  "tools/call": { content: [{ type: "text", text: JSON.stringify({ items, more: false }) }] },
  ping: {},
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line) as Request;
  if (id === undefined) return;
  const result = answers[method];
  const answer = result ? { result } : { error: { code: -32601, message: "Method not found" } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
});
