/** Stage: holds the tool's output to its declared form and drops what the form does not know. */
import type { Tool } from "../../connector/tool.ts";
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import type { Execution, Stage } from "../execution.ts";

/** `DATA_TRANSFORMATION_ERROR` (502). */
export const checkOutput: Stage = (next) => (execution) => next(execution).then((output) => checked(execution, output));

function checked(execution: Execution, output: unknown): unknown {
  const { tool } = execution.target();
  if (execution.batch) return checkEach(tool, output as readonly unknown[], execution.batch.length);
  return tool.parseOutput ? tool.parseOutput(output) : output;
}

/** Of a batch each output is judged alone; a list of another length could not be told apart. */
function checkEach(tool: Tool, outputs: readonly unknown[], expected: number): unknown[] {
  if (outputs.length !== expected) {
    throw new CatalogueError(
      "DATA_TRANSFORMATION_ERROR",
      `The batch of ${tool.name} answered another number of results.`,
    );
  }
  return outputs.map((output) => {
    if (output instanceof Error) return toCatalogueError(output);
    try {
      return tool.parseOutput ? tool.parseOutput(output) : output;
    } catch (error) {
      return toCatalogueError(error);
    }
  });
}
