/** Remembers which servers speak only the older protocol revisions, so that they are not asked again at each restart. */
import type { PriorDiscovery } from "@modelcontextprotocol/client";

/** An upgraded server still answers the old handshake: only asking again finds out. Milliseconds. */
const HORIZON_MS = 24 * 60 * 60 * 1000;
/** Enough for every server of a large configuration through many changes. */
const MAX_ENTRIES = 1_000;

const olderSince = new Map<string, number>();

/** Keyed by `targetKey`; in memory, so a restart of the gateway asks again. */
export const eraMemory = {
  recall(key: string, now = Date.now()): PriorDiscovery | undefined {
    const since = olderSince.get(key);
    return since !== undefined && now - since < HORIZON_MS ? { kind: "legacy" } : undefined;
  },
  rememberLegacy(key: string, now = Date.now()): void {
    if (eraMemory.recall(key, now)) return;
    olderSince.delete(key);
    olderSince.set(key, now);
    if (olderSince.size > MAX_ENTRIES) olderSince.delete(olderSince.keys().next().value!);
  },
  forget(key: string): void {
    olderSince.delete(key);
  },
};
