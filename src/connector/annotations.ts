/** MCP's hints of a tool, from its declared effect where its server gave none. */
import type { Tool } from "./tool.ts";

export function annotationsOf(tool: Pick<Tool, "effect" | "annotations">): Record<string, unknown> {
  return {
    readOnlyHint: tool.effect === "read",
    destructiveHint: tool.effect === "destructive",
    ...tool.annotations,
  };
}
