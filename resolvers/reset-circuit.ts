/** `resetCircuit`: closes a server's circuit for an operator, and says so in the log for good. */
import { CatalogueError } from "../src/errors/catalogue-error.ts";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import { unknownServer } from "../src/registry/unknown.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";

/** `ROUTING_ERROR` for a server that is not there; `AUTHORIZATION_ERROR` should anybody else ever get here. */
export function resetCircuit({ view, caller, correlationId }: GraphqlContext, serverId: string): ServerEntry {
  if (!view.isOperator) {
    throw new CatalogueError("AUTHORIZATION_ERROR", "Only operators reset circuits.", { acted: "no" });
  }
  const server = view.server(serverId);
  if (!server) throw unknownServer(serverId, view);
  server.runtime.resetCircuit({ caller_id: caller.id, correlation_id: correlationId });
  return server;
}
