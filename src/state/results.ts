/** Results of reads that may be served again, each valid until its time is up or its server was written to. */
import type { Maybe } from "./state-store.ts";

export interface KeptResult {
  readonly output: unknown;
  /** Milliseconds since it was read. */
  readonly ageMs: number;
}

/** What a look-up finds, with the server's generation at that moment: what is read from here on belongs to it. */
export interface Lookup {
  readonly generation: string;
  readonly kept: KeptResult | undefined;
}

/**
 * A server's generation changes with every write to it. A result is kept with the generation it was looked up in and
 * found only in the same: a read that began before a write can never fill the cache for calls after it.
 */
export interface Results {
  /** The server's generation as far as this process knows, without asking anyone. */
  generation(serverId: string): string;
  lookup(serverId: string, key: string): Maybe<Lookup>;
  /** Keeps a result read in `generation` for `ttlMs` milliseconds; too large ones are not kept. */
  keep(serverId: string, key: string, generation: string, output: unknown, ttlMs: number): void;
  /** The server was written to, or may have been: none of its results counts any more. */
  invalidate(serverId: string): Maybe<void>;
}
