/** `GET /api/v1/mcp/servers` and one of them: what is configured and how it is, never a secret. */
import type { z } from "zod";
import type { Admission } from "../../gateway.ts";
import type { ServerEntry } from "../../registry/server-entry.ts";
import type { View } from "../../registry/view.ts";
import { unknownServer } from "../../registry/unknown.ts";
import type { ServerBody } from "./rest-schemas.ts";

export function listServers({ view }: Admission): { servers: z.input<typeof ServerBody>[] } {
  return { servers: view.listed.map((server) => describeServer(server, view)) };
}

/** `ROUTING_ERROR` when there is none of that id in this view. */
export function oneServer({ view }: Admission, id: string): z.input<typeof ServerBody> {
  const server = view.listed.find((listed) => listed.id === id);
  if (server) return describeServer(server, view);
  throw unknownServer(id, view);
}

function describeServer(server: ServerEntry, view: View): z.input<typeof ServerBody> {
  const { runtime } = server;
  return {
    id: server.id,
    type: server.type,
    name: server.name,
    status: runtime.status,
    status_reason: runtime.statusReason ?? null,
    health: {
      circuit: runtime.breaker.state,
      circuit_since: runtime.breaker.since.toISOString(),
      recent_errors: [...runtime.breaker.recentErrors],
      running_calls: runtime.running,
    },
    tool_count: view.tools(server).length,
    metadata: { ...server.settings.metadata },
  };
}
