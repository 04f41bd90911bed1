/** Numbers the tools that one search may see, so that scores can be kept in plain arrays. */
import type { ServerShard } from "./server-shard.ts";

export interface VisibleTools {
  /** Numbers given out; those of hidden tools stay unused. */
  readonly size: number;
  /** Visible tools. */
  readonly total: number;
  /** Servers with a visible tool. */
  readonly servers: number;
  /** The number of a server's first tool; absent for servers of which nothing is visible. */
  readonly offsets: ReadonlyMap<ServerShard, number>;
  /** One for visible tools, else zero. */
  readonly mask: Uint8Array;
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
  const offsets = new Map<ServerShard, number>();
  let offset = 0;
  let total = 0;
  for (const shard of chosen) {
    const before = total;
    shard.toolNames.forEach((name, position) => {
      if (options.allowed && !options.allowed(shard.serverId, name)) return;
      mask[offset + position] = 1;
      total += 1;
    });
    if (total > before) offsets.set(shard, offset);
    offset += shard.toolNames.length;
  }
  return { size, total, servers: offsets.size, offsets, mask };
}
