/** Stage: refuses calls to a server that failed too often. */
import type { Stage } from "../execution.ts";

/** `MCP_CIRCUIT_OPEN`. */
export const circuitBreaker: Stage = (next) => (execution) =>
  execution.target().server.runtime.breaker.fire(() => next(execution));
