/** Makes the gateway's tool out of what an MCP server announces. */
import type { CallToolResult, Tool as Definition } from "@modelcontextprotocol/client";
import { compileInput, type Effect, type Tool, type ToolRun } from "../../src/index.ts";
import { toolError } from "./call-error.ts";
import { shapeResult, untypedResult } from "./shape-result.ts";

/** Sends one call over the connection of the moment. Fails with catalogue errors. */
export type CallTool = (definition: Definition, run: ToolRun) => Promise<CallToolResult>;

/** `notes` are what had to be repaired in the definition. */
export function buildTool(definition: Definition, notes: readonly string[], call: CallTool): Tool {
  const { name, annotations, outputSchema } = definition;
  // Without it the SDK neither compiles the schema at each call nor throws away results that miss it.
  const { outputSchema: _, ...sent } = definition;
  const check = compileInput(definition.inputSchema);
  const title = definition.title ?? annotations?.title;
  return {
    name,
    ...(title !== undefined && { title }),
    description: definition.description ?? title ?? "",
    effect: effectOf(annotations),
    inputSchema: definition.inputSchema,
    outputSchema: outputSchema ?? untypedResult,
    ...(annotations && { annotations: { ...annotations } }),
    examples: [],
    diagnostics: notes,
    ...(annotations?.idempotentHint !== undefined && { idempotent: annotations.idempotentHint }),
    parseInput: (input) => check.parse(input),
    async run(run) {
      const result = await call(sent, run);
      if (result.isError === true) throw toolError(name, result);
      return shapeResult(result, outputSchema !== undefined);
    },
  };
}

/**
 * The protocol takes a silent tool for destructive; most servers are silent, so that only what says so counts as such.
 * An operator may override it for each tool.
 */
function effectOf(annotations: Definition["annotations"]): Effect {
  if (annotations?.readOnlyHint === true) return "read";
  return annotations?.destructiveHint === true ? "destructive" : "write";
}
