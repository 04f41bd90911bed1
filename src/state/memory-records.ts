/** Records of writes in this process; they end with it. */
import { type Begun, type CallRecords, type Claim, RECORD_TTL_MS } from "./call-records.ts";

/** Most characters of outcomes kept. Records are never dropped for newer ones: that would let a write happen twice. */
const MAX_LENGTH = 64 * 1024 * 1024;
const MAX_RECORDS = 500_000;

interface Kept {
  readonly fingerprint: string;
  readonly owner: string;
  readonly leaseUntil: number;
  readonly expiresAt: number;
  readonly outcome?: string;
}

export interface MemoryRecordsOptions {
  readonly maxLength?: number;
  readonly maxRecords?: number;
  /** Milliseconds, never going back: a clock that jumps must not forget a write. */
  readonly now?: () => number;
}

export class MemoryRecords implements CallRecords {
  /** Every record lives equally long and is put at the end when it changes, so the first one expires first. */
  readonly #records = new Map<string, Kept>();
  readonly #maxLength: number;
  readonly #maxRecords: number;
  readonly #now: () => number;
  #length = 0;

  constructor({
    maxLength = MAX_LENGTH,
    maxRecords = MAX_RECORDS,
    now = () => performance.now(),
  }: MemoryRecordsOptions = {}) {
    this.#maxLength = maxLength;
    this.#maxRecords = maxRecords;
    this.#now = now;
  }

  begin(claim: Claim): Begun {
    const now = this.#now();
    this.#dropExpired(now);
    const kept = this.#records.get(claim.key);
    if (kept) {
      if (kept.fingerprint !== claim.fingerprint) return { status: "other_arguments" };
      if (kept.outcome !== undefined) return { status: "done", outcome: kept.outcome };
      return { status: kept.leaseUntil > now ? "running" : "abandoned" };
    }
    if (this.#records.size >= this.#maxRecords || this.#length >= this.#maxLength) {
      return { status: "unavailable", reason: "The gateway keeps as many outcomes of writes as it can hold" };
    }
    const { fingerprint, owner, leaseMs } = claim;
    this.#records.set(claim.key, { fingerprint, owner, leaseUntil: now + leaseMs, expiresAt: now + RECORD_TTL_MS });
    return { status: "claimed" };
  }

  finish({ key, fingerprint, owner }: Claim, outcome: string): void {
    const kept = this.#records.get(key);
    if (kept && kept.owner !== owner) return;
    this.#records.delete(key);
    this.#records.set(key, { fingerprint, owner, leaseUntil: 0, expiresAt: this.#now() + RECORD_TTL_MS, outcome });
    this.#length += outcome.length;
  }

  release({ key, owner }: Claim): void {
    if (this.#records.get(key)?.owner === owner) this.#records.delete(key);
  }

  #dropExpired(now: number): void {
    for (const [key, kept] of this.#records) {
      if (kept.expiresAt > now) return;
      this.#records.delete(key);
      this.#length -= kept.outcome?.length ?? 0;
    }
  }
}
