/** A server type that announces as many tools as it is told to, each with five arguments and four output fields, as an MCP server would. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { defineConnector, compileInput, z, type Connector, type Effect, type Tool } from "../../src/index.ts";

/** Tools come in pages: what a server takes to list them is not what is measured. */
const PAGE = 500;
const VERBS = ["search", "get", "list", "create", "update", "remove", "export", "archive"] as const;
const NOUNS = ["invoice", "customer", "ticket", "shipment", "contract", "employee", "product", "campaign", "meeting"];

const definition = defineConnector({
  type: "synthetic",
  title: "Synthetic",
  summary: "Announces tools for measurements.",
  config: z.object({ tools: z.number().int().min(0) }),
  authentication: ["none"],
});

/** Tools answer at once, without a server behind them: what is measured is the gateway. */
export const synthetic: Connector = definition.discover(async ({ config }) => {
  const tools: Tool[] = [];
  while (tools.length < config.tools) {
    tools.push(syntheticTool(tools.length));
    if (tools.length % PAGE === 0) await nextTurn();
  }
  return { tools, close: async () => {} };
});

export const syntheticOnly: ReadonlyMap<string, Connector> = new Map([[synthetic.type, synthetic]]);

export function syntheticName(index: number): string {
  return `${VERBS[index % VERBS.length]}_${NOUNS[index % NOUNS.length]}_${index}`;
}

export function syntheticTool(index: number): Tool {
  const noun = NOUNS[index % NOUNS.length]!;
  const effect: Effect = index % VERBS.length < 3 ? "read" : "write";
  const inputSchema = {
    type: "object",
    required: ["query"],
    additionalProperties: false,
    properties: {
      query: { type: "string", description: `What to look for in each ${noun}.` },
      page_size: { type: "integer", minimum: 1, maximum: 100 },
      status: { type: "string", enum: ["open", "closed", "archived"] },
      include_details: { type: "boolean" },
      labels: { type: "array", items: { type: "string" } },
    },
  };
  const check = compileInput(inputSchema);
  return {
    name: syntheticName(index),
    description: `${VERBS[index % VERBS.length]} every ${noun} that fits, number ${index}.`,
    effect,
    inputSchema,
    outputSchema: {
      type: "object",
      properties: {
        key: { type: "string" },
        total: { type: "integer" },
        is_last: { type: "boolean" },
        score: { type: "number" },
      },
    },
    examples: [],
    diagnostics: [],
    parseInput: (input) => check.parse(input),
    run: async () => ({ key: `${noun}-${index}`, total: index, is_last: true, score: 0.5 }),
  };
}
