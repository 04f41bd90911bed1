/** Stage: asks policy whether this caller may use this tool with these arguments. */
import type { Stage } from "../execution.ts";

/**
 * `AUTHORIZATION_ERROR`. What the caller may not even see was already refused as unknown. Judged with the schema's
 * defaults filled in, or a rule about an argument could be passed by leaving it out.
 */
export const authorise: Stage = (next) => (execution) => {
  const { server, tool } = execution.target();
  const parsed = tool.parseInput(execution.input);
  execution.parsed = parsed;
  const input = parsed.ok ? parsed.value : execution.input;
  const refusal = execution.generation.policy.checkArguments(execution.call.caller, server, tool, input);
  return refusal ? Promise.reject(refusal) : next(execution);
};
