/** The shop's tools as an MCP server announces them, and what a server in good health answers to any message. */

const item = {
  type: "object",
  properties: { item_id: { type: "string" }, name: { type: "string" } },
  required: ["item_id", "name"],
};
const tools = [
  {
    name: "get_item",
    description: "Gets one item.",
    inputSchema: { type: "object", properties: { item_id: { type: "string" } }, required: ["item_id"] },
    outputSchema: item,
    annotations: { readOnlyHint: true },
  },
  {
    name: "add_item",
    description: "Adds an item.",
    inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
    outputSchema: item,
    annotations: { readOnlyHint: false, destructiveHint: false },
  },
];

export interface McpMessage {
  /** Absent from notifications, which are not answered. */
  readonly id?: unknown;
  readonly method: string;
  readonly params?: {
    readonly protocolVersion?: string;
    readonly arguments?: { readonly item_id?: string; readonly name?: string };
  };
}

/** The tag of a tool call, `undefined` for any other message. */
export function tagOf({ method, params }: McpMessage): string | undefined {
  if (method !== "tools/call") return undefined;
  return params?.arguments?.item_id ?? params?.arguments?.name;
}

/** The whole JSON-RPC answer. */
export function mcpAnswer(message: McpMessage): string {
  return JSON.stringify({ jsonrpc: "2.0", id: message.id, ...resultOf(message) });
}

function resultOf(message: McpMessage): object {
  switch (message.method) {
    case "initialize": {
      const serverInfo = { name: "faulty", version: "1" };
      const { protocolVersion } = message.params ?? {};
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case "tools/list":
      return { result: { tools } };
    case "tools/call": {
      const name = tagOf(message);
      return { result: { content: [], structuredContent: { item_id: name, name } } };
    }
    default:
      return { error: { code: -32_601, message: "Method not found" } };
  }
}
