/** The records that make a write with a `request_id` happen once: who runs it, with which arguments, and what came of it. */
import type { Maybe } from "./state-store.ts";

/** How long an outcome is replayed, milliseconds. */
export const RECORD_TTL_MS = 24 * 60 * 60 * 1000;

/** One attempt to be the call that runs. */
export interface Claim {
  /** Stands for the caller and its `request_id`. */
  readonly key: string;
  /** Stands for server, tool and arguments. */
  readonly fingerprint: string;
  /** This very call; no other has the same. */
  readonly owner: string;
  /** Milliseconds after which an owner that has told nothing is taken for dead; longer than any call may take. */
  readonly leaseMs: number;
}

/** What `begin` finds. Only `claimed` may run. */
export type Begun =
  | { readonly status: "claimed" }
  | { readonly status: "running" }
  | { readonly status: "other_arguments" }
  | { readonly status: "done"; readonly outcome: string }
  /** Its owner died: whether the write happened is not known. */
  | { readonly status: "abandoned" }
  /** The records cannot be kept at the moment, so nothing may run. */
  | { readonly status: "unavailable"; readonly reason: string };

export interface CallRecords {
  begin(claim: Claim): Maybe<Begun>;
  /** Keeps the outcome for {@link RECORD_TTL_MS}. */
  finish(claim: Claim, outcome: string): Maybe<void>;
  /** Forgets the claim, so that the same call may run: for what certainly did not happen. */
  release(claim: Claim): Maybe<void>;
}
