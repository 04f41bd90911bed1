/** The errors for servers and tools that do not exist or are not visible: the two look the same, with the nearest names. */
import { CatalogueError } from "../errors/catalogue-error.ts";
import { didYouMean, nearestNames } from "../errors/nearest-names.ts";
import type { ServerEntry } from "./server-entry.ts";
import type { View } from "./view.ts";

/** `ROUTING_ERROR`. */
export function unknownServer(id: string, view: View): CatalogueError {
  const nearest = nearestNames(
    id,
    view.servers.map((server) => server.id),
  );
  return new CatalogueError("ROUTING_ERROR", `There is no server '${printable(id)}'.`, {
    details: { nearest },
    acted: "no",
    ...didYouMean(nearest),
  });
}

/** `TOOL_NOT_SUPPORTED`; or, when the server could not be opened and its tools are not known, the reason of that. */
export function unknownTool(name: string, server: ServerEntry, view: View): CatalogueError {
  const { runtime } = server;
  if (runtime.failure) return runtime.failure;
  if (server.tools.size === 0 && runtime.status !== "READY") {
    const reason = runtime.statusReason ?? "its tools are not known yet";
    return new CatalogueError("MCP_CONNECTION_ERROR", `Server '${server.id}' is not available: ${reason}`, {
      acted: "no",
    });
  }
  const nearest = nearestNames(
    name,
    view.tools(server).map((tool) => tool.name),
  );
  return new CatalogueError("TOOL_NOT_SUPPORTED", `Server '${server.id}' has no tool '${printable(name)}'.`, {
    details: { nearest },
    acted: "no",
    ...didYouMean(nearest),
  });
}

/** A name from a request, short and without control characters, fit for a message. */
function printable(name: string): string {
  // oxlint-disable-next-line no-control-regex
  const clean = name.replace(/[\u0000-\u001f\u007f]/g, "?");
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}
