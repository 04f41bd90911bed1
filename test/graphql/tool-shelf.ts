/** A server type that announces the tools a test gives it, and a gateway over it: for stories about large and changing graphs. */
import { defineConnector, z, type Connector, type Tool } from "../../src/index.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";

/** A tool with an argument of each kind, and a result with fields. */
export function shelfTool(name: string, changes: Partial<Tool> = {}): Tool {
  return {
    name,
    description: `Does ${name}.`,
    effect: "read",
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string" },
        status: { type: "string", enum: ["open", "closed"] },
        range: { type: "object", properties: { from: { type: "string" } } },
      },
    },
    outputSchema: {
      type: "object",
      properties: { key: { type: "string" }, owner: { type: "object", properties: { name: { type: "string" } } } },
    },
    examples: [],
    diagnostics: [],
    parseInput: (value) => ({ ok: true, value }),
    run: async ({ input }) => ({ key: name, owner: { name: "Ann" }, input }),
    ...changes,
  };
}

export function shelfOf(tools: readonly Tool[]): ReadonlyMap<string, Connector> {
  const definition = defineConnector({
    type: "shelf",
    title: "Shelf",
    summary: "Holds the tools it was given.",
    config: z.object({}),
    authentication: ["none"],
  });
  const connector = definition.discover(async () => ({ tools, close: async () => {} }));
  return new Map([[connector.type, connector]]);
}

export const SHELF = { id: "shelf", type: "shelf" };

export function startShelf(
  tools: readonly Tool[],
  options: { gateway?: Record<string, unknown>; env?: Record<string, string> } = {},
): Promise<StartedGateway> {
  return startGateway({ servers: [SHELF], connectors: shelfOf(tools), ...options });
}

export function manyTools(count: number): Tool[] {
  return Array.from({ length: count }, (_, index) => shelfTool(`find_thing_${index}`));
}
