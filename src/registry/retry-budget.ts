/** How many retries a server may be sent: a share of its calls, so that retries never multiply an outage. */

const SLOT_MS = 1_000;
const SLOTS = 10;
/** Retries that are always allowed within the window: a quiet server's few failures are worth another try. */
const FLOOR = 10;
const SHARE = 0.1;

interface Slot {
  /** Which second it counts. */
  second: number;
  calls: number;
  retries: number;
}

/**
 * At most a tenth of the calls of the last 10 seconds, and 10 more. Time is monotonic, so a changed clock changes nothing.
 *
 * @example
 * budget.countCall();
 * if (budget.take()) await again(); // else the failure stands
 */
export class RetryBudget {
  readonly #now: () => number;
  readonly #slots: Slot[] = Array.from({ length: SLOTS }, () => ({ second: -1, calls: 0, retries: 0 }));

  /** `now` in milliseconds, never going back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  countCall(): void {
    this.#slot().calls += 1;
  }

  /** Takes one retry out of the budget; `false` when it is used up. */
  take(): boolean {
    const slot = this.#slot();
    const oldest = slot.second - SLOTS;
    let calls = 0;
    let retries = 0;
    for (const each of this.#slots) {
      if (each.second <= oldest) continue;
      calls += each.calls;
      retries += each.retries;
    }
    if (retries >= FLOOR + calls * SHARE) return false;
    slot.retries += 1;
    return true;
  }

  #slot(): Slot {
    const second = Math.floor(this.#now() / SLOT_MS);
    const slot = this.#slots[second % SLOTS]!;
    if (slot.second !== second) {
      slot.second = second;
      slot.calls = 0;
      slot.retries = 0;
    }
    return slot;
  }
}
