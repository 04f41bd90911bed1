/** `tools` and `tool`: pages of the visible tools, in a stable order. */
import type { Effect, Tool } from "../src/connector/tool.ts";
import { validationError } from "../src/errors/validation-error.ts";
import { unknownServer } from "../src/registry/unknown.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { View } from "../src/registry/view.ts";

export interface ToolShape {
  readonly server: ServerEntry;
  readonly tool: Tool;
}

export interface ToolConnectionShape {
  readonly nodes: readonly ToolShape[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const DEFAULT_PAGE_SIZE = 50;

export interface ToolPage {
  readonly serverId?: string | number | null | undefined;
  readonly effect?: Effect | null | undefined;
  /** 50 when absent. */
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** `ROUTING_ERROR` for an unknown server, `VALIDATION_ERROR` for a cursor of something that is gone. */
export function listTools(view: View, page: ToolPage): ToolConnectionShape {
  const serverId = page.serverId == null ? undefined : String(page.serverId);
  if (serverId !== undefined && !view.server(serverId)) throw unknownServer(serverId, view);
  const all = view.servers
    .filter((server) => serverId === undefined || server.id === serverId)
    .flatMap((server) => view.tools(server).map((tool) => ({ server, tool })))
    .filter(({ tool }) => page.effect == null || tool.effect === page.effect);
  const from = page.after == null ? 0 : positionAfter(all, page.after);
  const nodes = all.slice(from, from + (page.first ?? DEFAULT_PAGE_SIZE));
  const last = nodes.at(-1);
  return {
    nodes,
    totalCount: all.length,
    pageInfo: { hasNextPage: from + nodes.length < all.length, endCursor: last ? cursorOf(last) : null },
  };
}

export function findTool(view: View, serverId: string, name: string): ToolShape | null {
  const server = view.server(serverId);
  const tool = server && view.tool(server, name);
  return server && tool ? { server, tool } : null;
}

/** Names the tool, not its position: pages stay right when tools come and go between them. */
function cursorOf({ server, tool }: ToolShape): string {
  return Buffer.from(JSON.stringify([server.id, tool.name])).toString("base64url");
}

function positionAfter(all: readonly ToolShape[], cursor: string): number {
  const index = all.findIndex((each) => cursorOf(each) === cursor);
  if (index >= 0) return index + 1;
  const problem = { path: "after", problem: "is not a cursor of this list", expected: "endCursor of the page before" };
  throw validationError("An argument", [problem], "Start again without after.");
}
