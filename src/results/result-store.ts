/** Results that were too large to hand over at once: kept for a while for the caller they belong to, bounded in bytes and number. */
import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Shelved } from "../state/shelf.ts";
import type { Maybe, StateStore } from "../state/state-store.ts";

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
  /** Where other replicas find what this one keeps, and the other way round. */
  readonly state?: Pick<StateStore, "shelf">;
}

/**
 * In this process, and on the shelf that replicas share: a result is on it before its caller hears of it.
 *
 * @example
 * const kept = await store.keep({ owner, serverId: "jira", toolName: "search_issues", json });
 * (await store.find(kept.id, owner)).json;
 */
export class ResultStore {
  readonly #results: LRUCache<string, StoredResult>;
  readonly #maxBytesPerCaller: number;
  readonly #ttlMs: number;
  readonly #state: Pick<StateStore, "shelf"> | undefined;

  constructor(options: ResultStoreOptions = {}) {
    const maxBytes = options.maxBytes ?? 128 * 1024 * 1024;
    this.#ttlMs = options.ttlMs ?? RESULT_TTL_MS;
    this.#maxBytesPerCaller = options.maxBytesPerCaller ?? maxBytes / 4;
    this.#state = options.state;
    this.#results = new LRUCache({
      max: options.maxCount ?? 1_000,
      maxSize: maxBytes,
      sizeCalculation: ({ json }) => json.byteLength + 1,
      ttl: this.#ttlMs,
    });
  }

  /** `undefined` when it is too large to be kept at all. The caller's oldest results make room for it. */
  keep(result: Omit<StoredResult, "id" | "expiresAt">): Maybe<StoredResult | undefined> {
    if (result.json.byteLength > this.#maxBytesPerCaller) return undefined;
    const id = `r_${randomBytes(16).toString("base64url")}`;
    const kept = { ...result, id, expiresAt: Date.now() + this.#ttlMs };
    this.#keepHere(kept);
    const putting = this.#state?.shelf.put(kept.owner, id, [headOf(kept), kept.json], this.#ttlMs);
    return putting ? putting.then(() => kept) : kept;
  }

  #keepHere(kept: StoredResult): void {
    let used = kept.json.byteLength;
    // From the most recently used one: what does not fit any more is the oldest.
    for (const [id, other] of this.#results.entries()) {
      if (other.owner !== kept.owner) continue;
      used += other.json.byteLength;
      if (used > this.#maxBytesPerCaller) this.#results.delete(id);
    }
    this.#results.set(kept.id, kept, { ttl: Math.max(1, kept.expiresAt - Date.now()) });
  }

  /** Another caller's result looks as if it did not exist. `unavailable`: another replica may have kept it. */
  find(id: string, owner: string): Maybe<StoredResult | "unavailable" | undefined> {
    const found = this.#results.peek(id);
    if (found && (found.owner !== owner || found.expiresAt <= Date.now())) return undefined;
    // Reading keeps it from being pushed out; its time stays.
    if (found) return this.#results.get(id, { updateAgeOnGet: false });
    const shelved = this.#state?.shelf.get(owner, id);
    return shelved instanceof Promise ? shelved.then((each) => this.#takeOver(each, id, owner)) : undefined;
  }

  #takeOver(
    shelved: Shelved | "unavailable" | undefined,
    id: string,
    owner: string,
  ): StoredResult | "unavailable" | undefined {
    if (shelved === undefined || shelved === "unavailable") return shelved;
    const kept = { ...withHead(shelved.bytes), id, owner, expiresAt: Date.now() + shelved.leftMs };
    // Its pages will be asked for one after the other.
    this.#keepHere(kept);
    return kept;
  }
}

/** The line before its JSON on the shelf: which tool it came from. */
function headOf({ serverId, toolName }: StoredResult): Buffer {
  return Buffer.from(`${JSON.stringify([serverId, toolName])}\n`);
}

function withHead(bytes: Buffer): Pick<StoredResult, "serverId" | "toolName" | "json"> {
  const end = bytes.indexOf("\n");
  const [serverId, toolName] = JSON.parse(bytes.toString("utf8", 0, end)) as [string, string];
  return { serverId, toolName, json: bytes.subarray(end + 1) };
}
