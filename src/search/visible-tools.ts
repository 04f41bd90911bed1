/** Numbers the tools that one search may see, so that scores can be kept in plain arrays. */
import type { ServerShard } from "./server-shard.ts";

export interface VisibleTools {
  /** Numbers given out; those of hidden tools stay unused. */
  readonly size: number;
  /** Visible tools. */
  readonly total: number;
  /** The number of a server's first tool; absent for servers of which nothing is visible. */
  readonly offsets: ReadonlyMap<ServerShard, number>;
  /** One for visible tools, else zero. */
  readonly mask: Uint8Array;
  /** For each tool the position of its server. */
  readonly owners: Uint32Array;
  placeOf(tool: number): { serverId: string; toolName: string };
}

/** Which tools of these servers one search may see. */
export function visibleTools(
  shards: Iterable<ServerShard>,
  options: { allowed?(serverId: string, toolName: string): boolean; serverIds?: readonly string[] },
): VisibleTools {
  const only = options.serverIds && new Set(options.serverIds);
  const chosen = [...shards].filter((shard) => !only || only.has(shard.serverId));
  const size = chosen.reduce((sum, shard) => sum + shard.toolNames.length, 0);
  const mask = new Uint8Array(size);
  const owners = new Uint32Array(size);
  const starts: number[] = [];
  const offsets = new Map<ServerShard, number>();
  let offset = 0;
  let total = 0;
  chosen.forEach((shard, owner) => {
    const before = total;
    shard.toolNames.forEach((name, position) => {
      owners[offset + position] = owner;
      if (options.allowed && !options.allowed(shard.serverId, name)) return;
      mask[offset + position] = 1;
      total += 1;
    });
    if (total > before) offsets.set(shard, offset);
    starts.push(offset);
    offset += shard.toolNames.length;
  });
  const placeOf = (tool: number): { serverId: string; toolName: string } => {
    const owner = owners[tool]!;
    const shard = chosen[owner]!;
    return { serverId: shard.serverId, toolName: shard.toolNames[tool - starts[owner]!]! };
  };
  return { size, total, offsets, mask, owners, placeOf };
}
