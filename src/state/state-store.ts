/** What calls leave behind for later ones: outcomes of writes, results of reads, used-up limits. One interface, two homes. */
import type { CallRecords } from "./call-records.ts";
import type { Limit, Limiter } from "./limiter.ts";
import type { Results } from "./results.ts";
import type { Shelf } from "./shelf.ts";
import type { SharedTokens } from "./shared-tokens.ts";

/** A value at once where the state is local, a promise where it is asked for over the network. */
export type Maybe<T> = T | Promise<T>;

/** Where the state lives and how it is; for health and metrics. */
export interface StateStatus {
  readonly kind: "memory" | "redis";
  /** `degraded`: the shared state cannot be reached, and the gateway goes on with its own. */
  readonly health: "ok" | "degraded";
  readonly reason?: string;
}

/** Gets plain data, of another version maybe: to be checked. `ageMs`: milliseconds since it was sent. */
export type SignalListener = (message: unknown, ageMs: number) => void;

/** Short messages between replicas, delivered at most once: they save time, nothing may depend on them. */
export interface Signals {
  /** Tells every other replica. */
  send(topic: string, message: unknown): void;
  /** Hears what other replicas tell. Returns how to stop listening. */
  on(topic: string, listener: SignalListener): () => void;
}

/**
 * Nothing in it ever rejects or waits long: where the shared state is slow or gone, results and limits fall back to
 * this process, and only what could no longer be done exactly once is refused.
 */
export interface StateStore {
  readonly records: CallRecords;
  readonly results: Results;
  readonly tokens: SharedTokens;
  readonly shelf: Shelf;
  readonly signals: Signals;
  limiter(limit: Limit): Limiter;
  status(): StateStatus;
  close(): Promise<void>;
}
