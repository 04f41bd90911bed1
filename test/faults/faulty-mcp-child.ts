/** An MCP server on standard streams that writes down each call and then misbehaves in the way its argument names. */
import { appendFileSync, existsSync } from "node:fs";
import { createInterface } from "node:readline";

const [mode, journal] = process.argv.slice(2) as [string, string];
const isHealed = () => existsSync(`${journal}.healed`);

if (mode === "dies" && !isHealed()) {
  process.stderr.write("cannot open the database\n");
  process.exit(7);
}
if (mode === "floods") {
  // For as long as it lives, as fast as anybody reads it.
  const flood = () => void process.stderr.write(`${"x".repeat(4_000)}\n`.repeat(50), () => setTimeout(flood, 5));
  flood();
}

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

interface Message {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { item_id?: string; name?: string } };
}

function answer({ method, params }: Message): object {
  switch (method) {
    case "initialize": {
      const serverInfo = { name: "faulty", version: "1" };
      return { result: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case "tools/list":
      return { result: { tools } };
    case "tools/call": {
      const { item_id = "", name = item_id } = params?.arguments ?? {};
      return { result: { content: [], structuredContent: { item_id: name, name } } };
    }
    default:
      return { error: { code: -32_601, message: "Method not found" } };
  }
}

/** What it does instead of answering a call; `false` where it answers after all. */
function misbehave(text: string): boolean {
  switch (mode) {
    case "is-killed":
      process.kill(process.pid, "SIGKILL");
      return true;
    case "exits":
      process.exit(3);
    // falls through: process.exit does not return
    case "hangs":
      return true;
    case "is-stopped":
      process.kill(process.pid, "SIGSTOP");
      return true;
    case "dies-within-answer":
      process.stdout.write(text.slice(0, -5), () => process.exit(1));
      return true;
    case "closes-output":
      process.stdout.end();
      setInterval(() => {}, 1_000);
      return true;
    case "writes-junk":
      process.stdout.write("Server listening!\n{not json\n\n[]\n42\n");
      return false;
    default:
      return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.id === undefined) continue;
  const text = `${JSON.stringify({ jsonrpc: "2.0", id: message.id, ...answer(message) })}\n`;
  if (message.method === "tools/call") {
    const { item_id, name } = message.params?.arguments ?? {};
    appendFileSync(journal, `${item_id ?? name}\n`);
    if (!isHealed() && misbehave(text)) continue;
  }
  process.stdout.write(text);
}
