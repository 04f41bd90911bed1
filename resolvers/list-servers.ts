/** `servers`: the visible servers, filtered. */
import type { ServerStatus } from "../src/connector/connector.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { View } from "../src/registry/view.ts";

export function listServers(
  view: View,
  filter: { readonly type?: string | null | undefined; readonly status?: ServerStatus | null | undefined },
): ServerEntry[] {
  return view.listed.filter(
    (server) =>
      (filter.type == null || server.type === filter.type) &&
      (filter.status == null || server.runtime.status === filter.status),
  );
}
