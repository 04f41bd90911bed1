/** The catalogue's tool definitions in the dialects that model APIs take. */
import { createHash } from "node:crypto";
import { annotationsOf } from "../../connector/annotations.ts";
import type { Tool } from "../../connector/tool.ts";
import type { ServerEntry } from "../../registry/server-entry.ts";

export interface ListedTool {
  readonly server: ServerEntry;
  readonly tool: Tool;
}

export type ToolFormatName = "mcp" | "openai" | "anthropic" | "gemini";

/** One definition. Only `mcp` can say everything; the others carry name, description and input. */
export function formatTool({ server, tool }: ListedTool, format: ToolFormatName): Record<string, unknown> {
  switch (format) {
    case "mcp":
      return {
        server_id: server.id,
        name: tool.name,
        ...(tool.title !== undefined && { title: tool.title }),
        description: tool.description,
        effect: tool.effect,
        inputSchema: tool.inputSchema,
        ...(tool.outputSchema !== undefined && { outputSchema: tool.outputSchema }),
        annotations: annotationsOf(tool),
      };
    // platform.openai.com/docs/guides/function-calling
    case "openai":
      return {
        type: "function",
        function: { name: modelName({ server, tool }), description: tool.description, parameters: tool.inputSchema },
      };
    // docs.anthropic.com/en/docs/agents-and-tools/tool-use
    case "anthropic":
      return { name: modelName({ server, tool }), description: tool.description, input_schema: tool.inputSchema };
    // ai.google.dev/api/caching#FunctionDeclaration: parametersJsonSchema takes JSON Schema as it is.
    case "gemini":
      return {
        name: modelName({ server, tool }),
        description: tool.description,
        parametersJsonSchema: tool.inputSchema,
      };
  }
}

/** A name that model APIs accept: letters, digits, `_` and `-`, at most 64; shortened ones end in a hash to stay distinct. */
export function modelName({ server, tool }: ListedTool): string {
  const full = `${server.id}__${tool.name}`;
  const legal = full.replace(/[^A-Za-z0-9_-]/g, "_");
  if (legal === full && legal.length <= 64) return legal;
  const hash = createHash("sha256").update(full).digest("hex").slice(0, 8);
  return `${legal.slice(0, 55)}_${hash}`;
}
