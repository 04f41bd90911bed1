/** The graph's enums. */
import { builder } from "../builder.ts";

export const ServerStatus = builder.enumType("ServerStatus", {
  description: "Health of a server; DEGRADED says why in statusReason.",
  values: ["READY", "STARTING", "DEGRADED", "DISABLED"] as const,
});

export const CircuitState = builder.enumType("CircuitState", {
  description: "OPEN: calls are refused without asking the server. HALF_OPEN: one call tries whether it is back.",
  values: { CLOSED: { value: "closed" }, OPEN: { value: "open" }, HALF_OPEN: { value: "half_open" } } as const,
});

export const ToolEffect = builder.enumType("ToolEffect", {
  description: "What a tool does to the world. READ tools are Query fields, the others Mutation fields.",
  values: { READ: { value: "read" }, WRITE: { value: "write" }, DESTRUCTIVE: { value: "destructive" } } as const,
});

export const ExecutionStatus = builder.enumType("ExecutionStatus", {
  values: { SUCCESS: { value: "success" }, ERROR: { value: "error" } } as const,
});

export const ExecutionMode = builder.enumType("ExecutionMode", {
  description: "PARALLEL runs calls at once, SEQUENTIAL one after the other in the given order.",
  values: ["PARALLEL", "SEQUENTIAL"] as const,
});
