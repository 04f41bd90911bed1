/** Where every replica finds the large results that one of them kept for a caller. */
import type { Maybe } from "./state-store.ts";

export interface Shelved {
  readonly bytes: Buffer;
  /** Milliseconds until it is forgotten. */
  readonly leftMs: number;
}

export interface Shelf {
  /** Keeps it for its owner alone, as long as there is room: the owner's oldest make room for it. */
  put(owner: string, id: string, parts: readonly Buffer[], ttlMs: number): Maybe<void>;
  /** `unavailable`: it may be there, but nobody can be asked. */
  get(owner: string, id: string): Maybe<Shelved | "unavailable" | undefined>;
}
