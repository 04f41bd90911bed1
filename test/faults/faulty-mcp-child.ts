/** An MCP server on standard streams that writes down each call and then misbehaves in the way its argument names. */
import { appendFileSync, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { mcpAnswer, tagOf, type McpMessage } from "./shop-tools.ts";

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
  const message = JSON.parse(line) as McpMessage;
  if (message.id === undefined || !process.stdout.writable) continue;
  const text = `${mcpAnswer(message)}\n`;
  const tag = tagOf(message);
  if (tag !== undefined) {
    appendFileSync(journal, `${tag}\n`);
    if (!isHealed() && misbehave(text)) continue;
  }
  process.stdout.write(text);
}
