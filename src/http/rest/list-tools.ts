/** `GET /api/v1/mcp/tools`: the catalogue, filtered, searched, and in the dialect the caller's model takes. */
import { validationError } from "../../errors/validation-error.ts";
import type { Admission } from "../../gateway.ts";
import { unknownServer } from "../../registry/unknown.ts";
import type { View } from "../../registry/view.ts";
import { zodProblems } from "../../validation/zod-problems.ts";
import { ToolsQuery } from "./rest-schemas.ts";
import { formatTool, modelName, type ListedTool } from "./tool-formats.ts";

/** `VALIDATION_ERROR` for bad parameters, `ROUTING_ERROR` for an unknown `server_id`. */
export async function listTools({ view }: Admission, query: URLSearchParams): Promise<Record<string, unknown>> {
  const parsed = ToolsQuery.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw validationError("The query", zodProblems(parsed.error));
  const { format, effect, limit } = parsed.data;
  const serverId = parsed.data.server_id;
  if (serverId !== undefined && !view.server(serverId)) throw unknownServer(serverId, view);
  const found = parsed.data.query === undefined ? all(view, serverId) : await search(view, parsed.data.query, serverId);
  const fitting = effect === undefined ? found : found.filter(({ tool }) => tool.effect === effect);
  const shown = fitting.slice(0, limit ?? fitting.length);
  return {
    format,
    total: fitting.length,
    tools: shown.map((each) => formatTool(each, format)),
    routes: Object.fromEntries(
      shown.map((each) => [
        format === "mcp" ? `${each.server.id}/${each.tool.name}` : modelName(each),
        { server_id: each.server.id, tool_name: each.tool.name },
      ]),
    ),
  };
}

function all(view: View, serverId: string | undefined): ListedTool[] {
  return view.servers
    .filter((server) => serverId === undefined || server.id === serverId)
    .flatMap((server) => view.tools(server).map((tool) => ({ server, tool })));
}

/** Best matches first; 20 unless `limit` says more is wanted. */
async function search(view: View, query: string, serverId: string | undefined): Promise<ListedTool[]> {
  const matches = await view.search(query, { first: 100, ...(serverId !== undefined && { serverIds: [serverId] }) });
  return matches.flatMap((match) => {
    const server = view.server(match.serverId);
    const tool = server && view.tool(server, match.toolName);
    return server && tool ? [{ server, tool }] : [];
  });
}
