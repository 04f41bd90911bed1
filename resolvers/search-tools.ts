/** `searchTools`: the visible tools that fit a need told in words. */
import type { View } from "../src/registry/view.ts";
import type { ToolMatch } from "../src/search/tool-index.ts";
import { findTool, type ToolShape } from "./list-tools.ts";

export interface ToolMatchShape {
  readonly found: ToolShape;
  readonly score: number;
  readonly matched: readonly string[];
}

export function searchTools(
  view: View,
  args: {
    readonly query: string;
    readonly serverIds?: readonly (string | number)[] | null | undefined;
    /** 5 when absent. */
    readonly first?: number | null | undefined;
  },
): ToolMatchShape[] | Promise<ToolMatchShape[]> {
  const matches = view.search(args.query, {
    first: args.first ?? 5,
    ...(args.serverIds && { serverIds: args.serverIds.map(String) }),
  });
  return matches instanceof Promise ? matches.then((found) => shape(view, found)) : shape(view, matches);
}

function shape(view: View, matches: readonly ToolMatch[]): ToolMatchShape[] {
  return matches.flatMap(({ serverId, toolName, score, matched }) => {
    const found = findTool(view, serverId, toolName);
    return found ? [{ found, score, matched }] : [];
  });
}
