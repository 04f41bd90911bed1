/** Results that were too large to hand over at once: kept for a while for the caller they belong to, bounded in bytes and number. */
import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";

/** Milliseconds a result is kept. */
export const RESULT_TTL_MS = 15 * 60_000;

export interface StoredResult {
  readonly id: string;
  /** `callerKey` of the caller it belongs to. */
  readonly owner: string;
  readonly serverId: string;
  readonly toolName: string;
  /** Its JSON in UTF-8. */
  readonly json: Buffer;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface ResultStoreOptions {
  readonly maxBytes?: number;
  readonly maxCount?: number;
  /** Bytes of one caller: nobody can push out everybody else's. */
  readonly maxBytesPerCaller?: number;
  readonly ttlMs?: number;
}

/**
 * In this process: a replica does not find what another one keeps.
 *
 * @example
 * const kept = store.keep({ owner, serverId: "jira", toolName: "search_issues", json });
 * store.find(kept.id, owner)?.json;
 */
export class ResultStore {
  readonly #results: LRUCache<string, StoredResult>;
  readonly #maxBytesPerCaller: number;
  readonly #ttlMs: number;

  constructor(options: ResultStoreOptions = {}) {
    const maxBytes = options.maxBytes ?? 128 * 1024 * 1024;
    this.#ttlMs = options.ttlMs ?? RESULT_TTL_MS;
    this.#maxBytesPerCaller = options.maxBytesPerCaller ?? maxBytes / 4;
    this.#results = new LRUCache({
      max: options.maxCount ?? 1_000,
      maxSize: maxBytes,
      sizeCalculation: ({ json }) => json.byteLength + 1,
      ttl: this.#ttlMs,
    });
  }

  /** `undefined` when it is too large to be kept at all. The caller's oldest results make room for it. */
  keep(result: Omit<StoredResult, "id" | "expiresAt">): StoredResult | undefined {
    const size = result.json.byteLength;
    if (size > this.#maxBytesPerCaller) return undefined;
    let used = size;
    // From the most recently used one: what does not fit any more is the oldest.
    for (const [id, other] of this.#results.entries()) {
      if (other.owner !== result.owner) continue;
      used += other.json.byteLength;
      if (used > this.#maxBytesPerCaller) this.#results.delete(id);
    }
    const id = `r_${randomBytes(16).toString("base64url")}`;
    const kept = { ...result, id, expiresAt: Date.now() + this.#ttlMs };
    this.#results.set(id, kept);
    return kept;
  }

  /** Another caller's result looks as if it did not exist. */
  find(id: string, owner: string): StoredResult | undefined {
    const found = this.#results.peek(id);
    if (found?.owner !== owner || found.expiresAt <= Date.now()) return undefined;
    // Reading keeps it from being pushed out; its time stays.
    this.#results.get(id, { updateAgeOnGet: false });
    return found;
  }
}
