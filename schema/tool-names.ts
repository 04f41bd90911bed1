/** The names of a namespace's tools in the graph: the camelCase of their own, something longer only where two would meet. */
import type { Tool } from "../src/connector/tool.ts";
import type { TimeSlice } from "../src/time-slice.ts";
import { graphNames, shortHash } from "./translate/graph-names.ts";
import { usualFieldName } from "./translated.ts";

export interface ToolNames {
  fieldName(tool: Tool): string;
  /** Suffix of the tool's type names; almost always none. */
  typeSuffix(tool: Tool): string;
}

const usual: ToolNames = { fieldName: usualFieldName, typeSuffix: () => "" };

/** Takes turns with other work: thousands of names take longer than a request may wait. */
export async function toolNames(tools: ReadonlyMap<string, Tool>, slice: TimeSlice): Promise<ToolNames> {
  const byTypeName = new Map<string, Tool>();
  const meeting = new Set<Tool>();
  for (const tool of tools.values()) {
    if (slice.isOver) await slice.pause();
    const name = typeNameOf(tool);
    const other = byTypeName.get(name);
    if (other) meeting.add(other).add(tool);
    else byTypeName.set(name, tool);
  }
  if (meeting.size === 0) return usual;
  // The names of the others hold no underscore and none of these camelCases: the two groups cannot meet.
  const fields = graphNames([...meeting].map(({ name }) => name));
  return {
    fieldName: (tool) => fields.get(tool.name) ?? usualFieldName(tool),
    typeSuffix: (tool) => (meeting.has(tool) ? `_t${shortHash(tool.name)}` : ""),
  };
}

/** The part of its type names that stands for the tool: the PascalCase of its name. */
export function typeNameOf(tool: Tool): string {
  const camel = usualFieldName(tool).replace(/^_/, "N");
  return camel[0]!.toUpperCase() + camel.slice(1);
}
