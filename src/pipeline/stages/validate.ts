/** Stage: refuses an input that does not fit the tool's schema; one that does goes on with its defaults filled in. */
import { validationError } from "../../errors/validation-error.ts";
import type { Stage } from "../execution.ts";

/** Longest `request_id`, characters: it is kept for a day. */
const LONGEST_REQUEST_ID = 200;

/** `VALIDATION_ERROR` with every fault found: path, problem, expected. */
export const validate: Stage = (next) => (execution) => {
  const { server, tool } = execution.target();
  const { parsed, call } = execution;
  if (call.requestId !== undefined && call.requestId.length > LONGEST_REQUEST_ID) {
    const expected = `at most ${LONGEST_REQUEST_ID} characters`;
    return Promise.reject(validationError("The call", [{ path: "request_id", problem: "is too long", expected }]));
  }
  if (!parsed) throw new Error("invariant: authorise parses the input");
  if (!parsed.ok) {
    const suggestion = `Correct these fields; the input schema of ${tool.name} on '${server.id}' is in the tool catalogue.`;
    return Promise.reject(validationError(`The input of ${tool.name}`, parsed.problems, suggestion));
  }
  execution.input = parsed.value;
  return next(execution);
};
