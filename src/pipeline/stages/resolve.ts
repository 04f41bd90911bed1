/** Stage: finds the server and the tool that are meant, and merges the configured defaults under the input. */
import { isObject } from "../../is-object.ts";
import { unknownServer, unknownTool } from "../../registry/unknown.ts";
import type { Stage } from "../execution.ts";

/** `ROUTING_ERROR`, `TOOL_NOT_SUPPORTED`, or the reason why a known server cannot serve. */
export const resolve: Stage = (next) => (execution) => {
  const { call, view } = execution;
  const server = view.server(call.serverId);
  if (!server) return Promise.reject(unknownServer(call.serverId, view));
  const tool = view.tool(server, call.toolName);
  if (!tool) return Promise.reject(unknownTool(call.toolName, server, view));
  // From here on a retired server waits for this call; `record` signs it off.
  server.runtime.enter();
  execution.server = server;
  execution.tool = tool;
  const defaults = server.settings.defaultToolConfig[tool.name];
  const input = call.input ?? {};
  execution.input = defaults && isObject(input) ? { ...defaults, ...input } : input;
  return next(execution);
};
