/** Remembers translated tools, so that all views and generations that hold a tool share its types. */
import type { Tool } from "../src/connector/tool.ts";
import { camelCase, translateTool, type TranslatedTool } from "./translate/index.ts";

/** Tools found at run time: as long as their server keeps them. */
const discovered = new WeakMap<Tool, Map<string, TranslatedTool>>();
/** Tools of built-in connectors: every server of the type has its own copies, which are one tool in the graph. */
const builtIn = new Map<string, TranslatedTool>();
const names = new WeakMap<Tool, string>();

export function translated(tool: Tool, prefix: string, isBuiltIn: boolean): TranslatedTool {
  if (isBuiltIn) {
    const key = `${prefix}/${tool.name}/${tool.effect}`;
    return remember(builtIn, key, () => translateTool(tool, { prefix }));
  }
  let byPrefix = discovered.get(tool);
  if (!byPrefix) discovered.set(tool, (byPrefix = new Map()));
  return remember(byPrefix, prefix, () => translateTool(tool, { prefix }));
}

/** The tool's name in camelCase: what its field is called unless two tools meet. */
export function usualFieldName(tool: Tool): string {
  let name = names.get(tool);
  if (name === undefined) names.set(tool, (name = camelCase(tool.name)));
  return name;
}

function remember(map: Map<string, TranslatedTool>, key: string, make: () => TranslatedTool): TranslatedTool {
  let value = map.get(key);
  if (!value) map.set(key, (value = make()));
  return value;
}
