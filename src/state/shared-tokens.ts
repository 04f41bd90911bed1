/** OAuth tokens that replicas share: one of them fetches, the others take over what came of it. Only sealed texts get here. */
import type { Maybe } from "./state-store.ts";

export interface SharedToken {
  /** The turn it was fetched in. Later turns have larger numbers, and of two tokens the later one counts. */
  readonly fence: number;
  /** Readable only for those who have the client's secret. */
  readonly sealed: string;
  /** Milliseconds since 1970, by the clock of this process. */
  readonly renewAt: number;
}

/** A wish for a token. */
export interface TokenWish {
  readonly id: string;
  /** Milliseconds after which a fetch that has told nothing is taken for dead. */
  readonly leaseMs: number;
  /** The token of this turn is no good: it is forgotten, for all replicas, unless there is a later one. */
  readonly refused?: number | undefined;
  /** The turn that was waited for: its failure is an answer, too. */
  readonly awaited?: number | undefined;
}

export type TokenBegun =
  | { readonly status: "kept"; readonly token: SharedToken }
  /** It is for the one who asks to fetch. */
  | {
      readonly status: "turn";
      readonly fence: number;
      /** The last one there was: it may hold the refresh token to use. */
      readonly latest: SharedToken | undefined;
      /** The other replicas cannot be asked: they may be fetching, too. */
      readonly isAlone: boolean;
    }
  /** Somebody else fetches: ask again soon. */
  | { readonly status: "taken"; readonly fence: number }
  /** The last fetch failed, as its fetcher told. */
  | { readonly status: "failed"; readonly failure: string };

export interface SharedTokens {
  /** The latest that this process has heard of, without asking anyone; it may have been refused since. */
  latest(id: string): SharedToken | undefined;
  begin(wish: TokenWish): Maybe<TokenBegun>;
  /** Keeps a token for `lifeMs` milliseconds, unless there is one of a later turn. */
  finish(id: string, token: SharedToken, lifeMs: number): Maybe<void>;
  /** Ends a turn without a token. `repeatMs`: how long the failure answers everybody, not only those who waited for it. */
  fail(id: string, fence: number, failure: string, repeatMs: number): Maybe<void>;
}
