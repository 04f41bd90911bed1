/** One configured server as a generation sees it: its settings, its tools at that moment, and the live thing behind them. */
import type { Tool } from "../connector/tool.ts";
import type { ServerSettings } from "../config/settings.ts";
import type { ServerRuntime } from "./server-runtime.ts";

export interface ServerEntry {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly settings: ServerSettings;
  /** Tools by their own name, overrides applied, disabled ones left out. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** alias → tool name: the connector's own and the configured ones. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly runtime: ServerRuntime;
}

/** Takes the tools as they are now, with the operator's overrides, into an immutable entry. */
export function snapshotServer(runtime: ServerRuntime): ServerEntry {
  const { settings, connector } = runtime;
  const tools = new Map<string, Tool>();
  for (const tool of runtime.tools) {
    const override = settings.toolOverrides[tool.name];
    if (override?.isEnabled === false) continue;
    tools.set(tool.name, override ? overridden(tool, override, runtime) : tool);
  }
  return {
    id: settings.id,
    type: settings.type,
    name: settings.name,
    settings,
    tools,
    aliases: new Map([...Object.entries(connector?.aliases ?? {}), ...Object.entries(settings.toolMapping)]),
    runtime,
  };
}

/** Each server's overridden tools: the same tool stays the same object, so that the next generation can tell. */
const overriddenTools = new WeakMap<ServerRuntime, WeakMap<Tool, Tool>>();

function overridden(tool: Tool, override: ServerSettings["toolOverrides"][string], runtime: ServerRuntime): Tool {
  let ofServer = overriddenTools.get(runtime);
  if (!ofServer) overriddenTools.set(runtime, (ofServer = new WeakMap()));
  let result = ofServer.get(tool);
  if (!result) {
    result = Object.create(tool, {
      ...(override.effect !== undefined && { effect: { value: override.effect, enumerable: true } }),
      ...(override.cacheTtlMs !== undefined && { cacheTtlMs: { value: override.cacheTtlMs, enumerable: true } }),
    }) as Tool;
    ofServer.set(tool, result);
  }
  return result;
}
