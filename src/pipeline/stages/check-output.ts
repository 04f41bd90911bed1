/** Stage: holds the tool's output to its declared form and drops what the form does not know. */
import type { Stage } from "../execution.ts";

/** `DATA_TRANSFORMATION_ERROR` (502). */
export const checkOutput: Stage = (next) => async (execution) => {
  const { tool } = execution.target();
  const output = await next(execution);
  return tool.parseOutput ? tool.parseOutput(output) : output;
};
