/** Results of reads in this process: bounded by bytes, the least recently used go first. */
import { LRUCache } from "lru-cache";
import type { Lookup, Results } from "./results.ts";

const MAX_BYTES = 64 * 1024 * 1024;
/** A larger result would push out too many others. */
const MAX_RESULT_BYTES = 1024 * 1024;

interface Kept {
  readonly generation: string;
  readonly output: unknown;
  readonly keptAt: number;
  readonly expiresAt: number;
}

export class MemoryResults implements Results {
  readonly #results: LRUCache<string, Kept>;
  readonly #generations = new Map<string, number>();

  constructor({ maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.#results = new LRUCache({ maxSize: maxBytes, maxEntrySize: Math.min(MAX_RESULT_BYTES, maxBytes) });
  }

  generation(serverId: string): string {
    return String(this.#generations.get(serverId) ?? 0);
  }

  lookup(serverId: string, key: string): Lookup {
    const generation = this.generation(serverId);
    const found = this.#results.get(key);
    const now = performance.now();
    if (!found || found.generation !== generation || found.expiresAt <= now) return { generation, kept: undefined };
    return { generation, kept: { output: found.output, ageMs: now - found.keptAt } };
  }

  keep(serverId: string, key: string, generation: string, output: unknown, ttlMs: number): void {
    if (generation !== this.generation(serverId)) return;
    const now = performance.now();
    // Two bytes a character, as the text would take; the key counts too.
    const size = 2 * (key.length + (JSON.stringify(output) ?? "").length);
    this.#results.set(key, { generation, output, keptAt: now, expiresAt: now + ttlMs }, { size });
  }

  invalidate(serverId: string): void {
    this.#generations.set(serverId, (this.#generations.get(serverId) ?? 0) + 1);
  }

  /** Forgets every result, of whatever generation. */
  clear(): void {
    this.#results.clear();
  }
}
