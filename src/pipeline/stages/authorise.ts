/** Stage: asks policy whether this caller may use this tool with these arguments. */
import type { Stage } from "../execution.ts";

/** `AUTHORIZATION_ERROR`. What the caller may not even see was already refused as unknown. */
export const authorise: Stage = (next) => (execution) => {
  const { server, tool } = execution.target();
  const refusal = execution.generation.policy.checkArguments(execution.call.caller, server, tool, execution.input);
  return refusal ? Promise.reject(refusal) : next(execution);
};
