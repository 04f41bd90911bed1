/** Names the graph's namespaces: one a built-in type, one a server whose tools were found at run time. */
import type { Generation } from "../src/registry/generation.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import { graphNames, pascalCase, shortHash } from "./translate/graph-names.ts";

export interface NamespaceName {
  /** Field of Query and Mutation. */
  readonly field: string;
  /** Beginning of every type name in it. */
  readonly prefix: string;
}

const remembered = new WeakMap<Generation, ReadonlyMap<string, NamespaceName>>();

/** The namespace a server belongs to: `type:<type>` for built-in types, `server:<id>` for discovered servers. */
export function namespaceKey(server: ServerEntry): string {
  return isShared(server) ? `type:${server.type}` : `server:${server.id}`;
}

function isShared({ runtime }: ServerEntry): boolean {
  return runtime.connector?.namespace === "type";
}

/** By the whole generation, not by what one caller sees: a name must not depend on who asks. Keyed by {@link namespaceKey}. */
export function namespaceNames(
  generation: Generation,
  reserved: readonly string[],
): ReadonlyMap<string, NamespaceName> {
  const known = remembered.get(generation);
  if (known) return known;
  const types = new Set<string>();
  const ids: string[] = [];
  for (const server of generation.servers.values()) {
    if (isShared(server)) types.add(server.type);
    else ids.push(server.id);
  }
  const typeNames = graphNames(types, reserved);
  const idNames = graphNames(ids, [...reserved, ...typeNames.values()]);
  const named = [
    ...[...typeNames].map(([type, field]) => [`type:${type}`, field] as const),
    ...[...idNames].map(([id, field]) => [`server:${id}`, field] as const),
  ];
  const counts = new Map<string, number>();
  for (const [, field] of named) counts.set(pascalCase(field), (counts.get(pascalCase(field)) ?? 0) + 1);
  const names = new Map(
    named.map(([key, field]) => {
      const prefix = pascalCase(field);
      return [key, { field, prefix: counts.get(prefix) === 1 ? prefix : `${prefix}${shortHash(key)}` }];
    }),
  );
  remembered.set(generation, names);
  return names;
}
