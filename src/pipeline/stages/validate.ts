/** Stage: checks the input against the tool's schema and fills in its defaults. */
import { validationError } from "../../errors/validation-error.ts";
import type { Stage } from "../execution.ts";

/** `VALIDATION_ERROR` with every fault found: path, problem, expected. */
export const validate: Stage = (next) => (execution) => {
  const { server, tool } = execution.target();
  const parsed = tool.parseInput(execution.input);
  if (!parsed.ok) {
    const suggestion = `Correct these fields; the input schema of ${tool.name} on '${server.id}' is in the tool catalogue.`;
    return Promise.reject(validationError(`The input of ${tool.name}`, parsed.problems, suggestion));
  }
  execution.input = parsed.value;
  return next(execution);
};
