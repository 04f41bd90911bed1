/** Makes the gateway's tool out of what an MCP server announces. */
import type { CallToolResult, Tool as Definition } from "@modelcontextprotocol/client";
import type { Logger } from "pino";
import { compileInput, type Effect, type JsonSchema, type Tool, type ToolRun } from "../../src/index.ts";
import { toolError } from "./call-error.ts";
import { shapeResult, untypedResult } from "./shape-result.ts";

/** What an operator is told of one result. */
const MOST_PROBLEMS = 5;

/** Sends one call over the connection of the moment. Fails with catalogue errors. */
export type CallTool = (definition: Definition, run: ToolRun) => Promise<CallToolResult>;

export interface BuildOptions {
  /** What had to be repaired in the definition. */
  readonly notes: readonly string[];
  readonly call: CallTool;
  readonly log: Logger;
}

export function buildTool(definition: Definition, { notes, call, log }: BuildOptions): Tool {
  const { name, annotations, outputSchema } = definition;
  // Without it the SDK neither compiles the schema at each call nor throws away results that miss it.
  const { outputSchema: _, ...sent } = definition;
  const check = compileInput(definition.inputSchema);
  const watch = outputSchema && watchOutput(name, outputSchema, log);
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
      const output = shapeResult(result, outputSchema !== undefined);
      watch?.(output);
      return output;
    },
  };
}

/**
 * A client should hold results to the schema that their tool declares. A result that misses it is handed on all the same,
 * since the tool has done its work, and callers can still read what came; an operator gets one line for each tool.
 *
 * Spec: https://modelcontextprotocol.io/specification/2025-11-25/server/tools#output-schema
 */
function watchOutput(tool: string, schema: JsonSchema, log: Logger): (output: unknown) => void {
  const check = compileInput(schema);
  let isReported = false;
  return (output) => {
    if (isReported) return;
    const checked = check.parse(output);
    if (checked.ok) return;
    isReported = true;
    log.warn({ tool, problems: checked.problems.slice(0, MOST_PROBLEMS) }, "results of a tool miss its output schema");
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
