/** Remembers verified tokens by their digest, so that a token is verified once and not at each request. */
import { LRUCache } from "lru-cache";
import type { Caller } from "./caller.ts";
import { CredentialRefused } from "./credential-refused.ts";
import type { Verified } from "./verified.ts";

/** Enough for the callers of one replica; an entry is a few hundred bytes. */
const CAPACITY = 10_000;

/** A token is verified anew after this long, milliseconds, so that a key its issuer took back ends its tokens. */
const VERIFY_AGAIN_AFTER_MS = 5 * 60_000;

interface Entry extends Verified {
  readonly verifyAgainAt: number;
}

export class VerifiedCache {
  readonly #entries = new LRUCache<string, Entry>({ max: CAPACITY });
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * The caller of a token verified before, or nothing when it has to be verified (again).
   *
   * @throws CredentialRefused when the token has expired since.
   */
  get(digest: string): Caller | undefined {
    const entry = this.#entries.get(digest);
    if (!entry) return undefined;
    const now = this.#clock();
    if (now >= entry.notAfter) {
      this.#entries.delete(digest);
      throw new CredentialRefused("expired", "the token has expired since it was verified");
    }
    return now >= entry.verifyAgainAt || now < entry.notBefore ? undefined : entry.caller;
  }

  set(digest: string, verified: Verified): Caller {
    this.#entries.set(digest, { ...verified, verifyAgainAt: this.#clock() + VERIFY_AGAIN_AFTER_MS });
    return verified.caller;
  }

  clear(): void {
    this.#entries.clear();
  }
}
