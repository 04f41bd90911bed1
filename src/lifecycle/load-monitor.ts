/** Watches whether this process keeps up, so that it can refuse work before it collapses under it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Logger } from "pino";
import { CatalogueError } from "../errors/catalogue-error.ts";

/** What is looked at, once a {@link WINDOW_MS}. */
export interface LoadReading {
  /** Mean time by which the event loop was late, milliseconds. */
  readonly delayMs: number;
  /** Used part of the heap's limit, from 0 to 1. */
  readonly heapUse: number;
}

/** Over `enter` in two readings running, work is refused; it is taken again at the first reading under `leave`. */
const DELAY_MS = { enter: 500, leave: 200 };
const HEAP_USE = { enter: 0.92, leave: 0.85 };
const READINGS = 2;
const WINDOW_MS = 500;
/** With some chance added, so that those who were refused do not come back together. */
const RETRY_AFTER_MS = 1_000;

/**
 * The mean, since one long collection of garbage makes one late turn among many: work is refused when every turn is late.
 *
 * @example
 * const load = new LoadMonitor({ log });
 * load.start();
 * load.refuseOverload(); // throws RATE_LIMIT_EXCEEDED (503) while overloaded
 */
export class LoadMonitor {
  readonly #log: Logger;
  readonly #random: () => number;
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = 0;
  #isOverloaded = false;

  constructor({ log, random = Math.random }: { readonly log: Logger; readonly random?: () => number }) {
    this.#log = log.child({ component: "load" });
    this.#random = random;
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  start(): void {
    const histogram = (this.#histogram = monitorEventLoopDelay({ resolution: 20 }));
    histogram.enable();
    this.#timer = setInterval(() => {
      // Nanoseconds; not a number when nothing was measured yet.
      const delayMs = (histogram.mean || 0) / 1e6;
      histogram.reset();
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      this.read({ delayMs, heapUse: used / limit });
    }, WINDOW_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram?.disable();
  }

  /** Takes one reading into account; `start` takes them by the clock. */
  read({ delayMs, heapUse }: LoadReading): void {
    if (delayMs > DELAY_MS.enter || heapUse > HEAP_USE.enter) this.#over += 1;
    else if (!this.#isOverloaded || (delayMs < DELAY_MS.leave && heapUse < HEAP_USE.leave)) this.#over = 0;
    const isOverloaded = this.#isOverloaded ? this.#over > 0 : this.#over >= READINGS;
    if (isOverloaded === this.#isOverloaded) return;
    this.#isOverloaded = isOverloaded;
    const reading = { delay_ms: Math.round(delayMs), heap_use: Math.round(heapUse * 100) / 100 };
    if (isOverloaded) this.#log.error(reading, "overloaded: calls are refused");
    else this.#log.warn(reading, "no longer overloaded");
  }

  /** `RATE_LIMIT_EXCEEDED` with status 503 while overloaded. */
  refuseOverload(): void {
    if (!this.#isOverloaded) return;
    throw new CatalogueError("RATE_LIMIT_EXCEEDED", "The gateway is overloaded. Nothing was sent.", {
      status: 503,
      retryable: true,
      retryAfterMs: Math.round(RETRY_AFTER_MS * (1 + this.#random())),
      acted: "no",
    });
  }
}
