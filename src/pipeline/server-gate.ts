/** What stands before one server: its configured limits, with a short queue that is fair among callers. */
import type { ServerSettings } from "../config/settings.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { type Limiter, windowOf } from "../state/limiter.ts";
import type { StateStore } from "../state/state-store.ts";
import { FairQueue } from "./fair-queue.ts";

/** Most calls that wait for one server. */
const MAX_WAITING = 100;
/** Longest a call waits for its turn, milliseconds. */
export const MAX_WAIT_MS = 5_000;
/** Told to a caller where nobody can know when there is room. */
const ASK_AGAIN_MS = 1_000;

/** A call that asks to be let in. */
export interface Visitor {
  /** Calls of one caller share its turns. */
  readonly caller: string;
  /** Longest it can wait, milliseconds. */
  readonly patienceMs: number;
  /** Nobody waits for its answer any more. */
  isGone(): boolean;
}

interface Waiting {
  readonly visitor: Visitor;
  /** On the clock of `performance.now()`. */
  readonly until: number;
  readonly timer: NodeJS.Timeout;
  settle(refusal: CatalogueError | undefined): void;
}

export class ServerGate {
  readonly #serverId: string;
  readonly #limiters: readonly Limiter[];
  readonly #concurrent: number;
  readonly #queue = new FairQueue<Waiting>();
  #running = 0;
  #isPumping = false;
  /** No call fits into the limits before this time. */
  #closedUntil = 0;
  #opening: NodeJS.Timeout | undefined;

  constructor(settings: ServerSettings, state: Pick<StateStore, "limiter">) {
    const { requestsPerSecond, burstLimit, requestsPerMinute, concurrentCalls } = settings.rateLimits;
    const perSecond = requestsPerSecond ?? burstLimit;
    this.#serverId = settings.id;
    this.#concurrent = concurrentCalls ?? Infinity;
    this.#limiters = [
      ...(perSecond === undefined ? [] : [windowOf({ perSecond, burst: burstLimit })]),
      // Last: a call counted in vain is lost for the rest of its window.
      ...(requestsPerMinute === undefined
        ? []
        : [windowOf({ perSecond: requestsPerMinute / 60, burst: Math.ceil(requestsPerMinute) })]),
    ].map((window) => state.limiter({ name: "server", ...window }));
  }

  /** Without limits nobody has to `enter`. */
  get isLimited(): boolean {
    return this.#limiters.length > 0 || this.#concurrent !== Infinity;
  }

  /**
   * Lets the visitor in, at once (`undefined`) or when its turn comes. Every entry is followed by one `leave`.
   * `MCP_RATE_LIMIT_EXCEEDED` when it would have to wait longer than it can.
   */
  enter(visitor: Visitor): Promise<void> | undefined {
    if (this.#limiters.length === 0 && this.#queue.size === 0 && this.#running < this.#concurrent) {
      this.#running += 1;
      return undefined;
    }
    if (this.#queue.size >= MAX_WAITING) return Promise.reject(this.#refusal(this.#closedMs() || ASK_AGAIN_MS));
    return new Promise((resolve, reject) => {
      const { caller, patienceMs } = visitor;
      const waiting: Waiting = {
        visitor,
        until: performance.now() + patienceMs,
        timer: setTimeout(() => {
          this.#queue.remove(caller, waiting);
          waiting.settle(this.#refusal(this.#closedMs() || ASK_AGAIN_MS));
        }, patienceMs),
        settle: (refusal) => {
          clearTimeout(waiting.timer);
          if (refusal) reject(refusal);
          else resolve();
        },
      };
      this.#queue.push(caller, waiting);
      void this.#pump();
    });
  }

  leave(): void {
    this.#running -= 1;
    void this.#pump();
  }

  /** Lets in whom the limits allow, in fair order; one pump at a time. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#queue.size > 0 && this.#running < this.#concurrent) {
        const waitMs = this.#closedMs() || (await this.#take());
        if (waitMs > 0) return this.#waitFor(waitMs);
        const next = this.#queue.shift();
        if (!next) return;
        this.#running += 1;
        next.settle(undefined);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  async #take(): Promise<number> {
    this.#dropGone();
    if (this.#queue.size === 0) return 0;
    for (const limiter of this.#limiters) {
      const waitMs = await limiter.take(this.#serverId);
      if (waitMs > 0) {
        this.#closedUntil = performance.now() + waitMs;
        return waitMs;
      }
    }
    return 0;
  }

  #waitFor(waitMs: number): void {
    const openAt = performance.now() + waitMs;
    for (const waiting of this.#queue) {
      if (waiting.until >= openAt) continue;
      this.#queue.remove(waiting.visitor.caller, waiting);
      waiting.settle(this.#refusal(waitMs));
    }
    clearTimeout(this.#opening);
    if (this.#queue.size > 0) this.#opening = setTimeout(() => void this.#pump(), waitMs);
  }

  /** Whom nobody waits for any more must not use up the limits. */
  #dropGone(): void {
    for (const waiting of this.#queue) {
      if (!waiting.visitor.isGone()) continue;
      this.#queue.remove(waiting.visitor.caller, waiting);
      waiting.settle(this.#refusal(ASK_AGAIN_MS));
    }
  }

  #closedMs(): number {
    return Math.max(0, Math.ceil(this.#closedUntil - performance.now()));
  }

  #refusal(retryAfterMs: number): CatalogueError {
    const message = `Server '${this.#serverId}' takes no more calls at the moment: the limits set for it here are used up.`;
    return new CatalogueError("MCP_RATE_LIMIT_EXCEEDED", message, { retryAfterMs, acted: "no" });
  }
}
