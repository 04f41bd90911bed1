/** Everybody who listens: bounded per caller and on the whole, ended with the credential, with a quiet spell, or with the gateway. */
import { callerKey, type Caller } from "../auth/caller.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { EventStream } from "./event-stream.ts";

const MOST_PER_CALLER = 20;
const MOST = 2000;
/** Longest delay a timer takes, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Subscriptions {
  readonly #perCaller = new Map<string, number>();
  readonly #streams = new Set<{ end(): void }>();

  get size(): number {
    return this.#streams.size;
  }

  /**
   * A stream that counts for this caller until it ends. `RATE_LIMIT_EXCEEDED` when there are too many.
   * It ends by itself when the caller's credential expires, or after `lastsMs`.
   */
  open<T>(caller: Caller, onClose: () => void, lastsMs = LONGEST_TIMER_MS): EventStream<T> {
    const key = callerKey(caller);
    const open = this.#perCaller.get(key) ?? 0;
    if (open >= MOST_PER_CALLER) throw tooMany(`You have ${open} subscriptions; the limit is ${MOST_PER_CALLER}.`);
    if (this.#streams.size >= MOST) throw tooMany(`The gateway has ${MOST} subscriptions, as many as it takes.`);
    const untilExpiryMs = (caller.expiresAt ?? Infinity) - Date.now();
    const timer = setTimeout(() => stream.end(), Math.max(0, Math.min(lastsMs, untilExpiryMs, LONGEST_TIMER_MS)));
    timer.unref();
    const stream = new EventStream<T>(() => {
      clearTimeout(timer);
      this.#streams.delete(stream);
      const left = (this.#perCaller.get(key) ?? 1) - 1;
      if (left > 0) this.#perCaller.set(key, left);
      else this.#perCaller.delete(key);
      onClose();
    });
    this.#perCaller.set(key, open + 1);
    this.#streams.add(stream);
    return stream;
  }

  /** Ends them all: their readers come back to whoever serves then. */
  close(): void {
    for (const stream of this.#streams) stream.end();
  }
}

function tooMany(message: string): CatalogueError {
  return new CatalogueError("RATE_LIMIT_EXCEEDED", message, {
    acted: "no",
    retryAfterMs: 5000,
    suggestion: "End a subscription before you begin another; toolProgress ends by itself with its call.",
  });
}
