/** What changed between two views of one caller: only what that caller could or can see. */
import { isDeepStrictEqual } from "node:util";
import type { Tool } from "../connector/tool.ts";
import type { ServerEntry } from "../registry/server-entry.ts";
import type { View } from "../registry/view.ts";
import { TimeSlice } from "../time-slice.ts";

export interface ToolName {
  readonly serverId: string;
  readonly name: string;
}

export interface CatalogueChange {
  readonly serversAdded: readonly string[];
  readonly serversRemoved: readonly string[];
  /** Name, type or health. */
  readonly serversChanged: readonly string[];
  readonly toolsAdded: readonly ToolName[];
  readonly toolsRemoved: readonly ToolName[];
  readonly toolsChanged: readonly ToolName[];
  /** There are more than the lists hold. */
  readonly isTruncated: boolean;
}

/** Health by server id, which changes within a view. */
export type Health = ReadonlyMap<string, string>;

/** Most names in one list. */
const MOST_NAMES = 1000;

export function healthOf(view: View): Health {
  return new Map(view.servers.map(({ id, runtime }) => [id, `${runtime.status} ${runtime.statusReason ?? ""}`]));
}

/** Takes turns with other work; absent when the caller sees what it saw before. */
export async function catalogueDiff(
  before: { readonly view: View; readonly health: Health },
  after: { readonly view: View; readonly health: Health },
): Promise<CatalogueChange | undefined> {
  const slice = new TimeSlice();
  const lists = {
    serversAdded: [] as string[],
    serversRemoved: [] as string[],
    serversChanged: [] as string[],
    toolsAdded: [] as ToolName[],
    toolsRemoved: [] as ToolName[],
    toolsChanged: [] as ToolName[],
  };
  for (const server of before.view.servers) if (!after.view.server(server.id)) lists.serversRemoved.push(server.id);
  for (const server of after.view.servers) {
    const old = before.view.server(server.id);
    if (!old) lists.serversAdded.push(server.id);
    else if (isOtherServer(old, server) || before.health.get(server.id) !== after.health.get(server.id))
      lists.serversChanged.push(server.id);
  }
  const ids = new Set([...before.view.servers, ...after.view.servers].map(({ id }) => id));
  for (const serverId of ids) {
    const old = toolsOf(before.view, serverId);
    const now = toolsOf(after.view, serverId);
    if (old === now) continue;
    for (const name of old.keys()) if (!now.has(name)) lists.toolsRemoved.push({ serverId, name });
    for (const [name, tool] of now) {
      if (slice.isOver) await slice.pause();
      const known = old.get(name);
      if (!known) lists.toolsAdded.push({ serverId, name });
      else if (isOtherTool(known, tool)) lists.toolsChanged.push({ serverId, name });
    }
  }
  const all = Object.values(lists);
  if (all.every(({ length }) => length === 0)) return undefined;
  const isTruncated = all.some(({ length }) => length > MOST_NAMES);
  for (const list of all) list.length = Math.min(list.length, MOST_NAMES);
  return { ...lists, isTruncated };
}

function toolsOf(view: View, serverId: string): ReadonlyMap<string, Tool> {
  const server = view.server(serverId);
  return new Map((server ? view.tools(server) : []).map((tool) => [tool.name, tool]));
}

function isOtherServer(a: ServerEntry, b: ServerEntry): boolean {
  return a.name !== b.name || a.type !== b.type;
}

/** What a caller can see of a tool; its server may have listed it anew without a change. */
function isOtherTool(a: Tool, b: Tool): boolean {
  if (a === b) return false;
  return (
    a.effect !== b.effect ||
    a.title !== b.title ||
    a.description !== b.description ||
    isOther(a.inputSchema, b.inputSchema) ||
    isOther(a.outputSchema, b.outputSchema) ||
    isOther(a.annotations, b.annotations)
  );
}

function isOther(a: unknown, b: unknown): boolean {
  return a !== b && !isDeepStrictEqual(a, b);
}
