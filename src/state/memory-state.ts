/** State in this process: the default, and all that one process needs. */
import { nameOf, type Limit, type Limiter } from "./limiter.ts";
import { MemoryLimiter } from "./memory-limiter.ts";
import { MemoryRecords } from "./memory-records.ts";
import { MemoryResults } from "./memory-results.ts";
import { MemoryTokens } from "./memory-tokens.ts";
import type { Shelf } from "./shelf.ts";
import type { Signals, StateStatus, StateStore } from "./state-store.ts";

export class MemoryState implements StateStore {
  readonly records = new MemoryRecords();
  readonly results = new MemoryResults();
  readonly tokens = new MemoryTokens();
  /** There is no other replica to find or hear anything. */
  readonly shelf: Shelf = { put: () => {}, get: () => undefined };
  readonly signals: Signals = { send: () => {}, on: () => () => {} };

  /** As many as there were limits in the configuration: what was used up outlives a reload. */
  readonly #limiters = new Map<string, Limiter>();

  limiter(limit: Limit): Limiter {
    const name = nameOf(limit);
    let limiter = this.#limiters.get(name);
    if (!limiter) this.#limiters.set(name, (limiter = new MemoryLimiter(limit)));
    return limiter;
  }

  status(): StateStatus {
    return { kind: "memory", health: "ok" };
  }

  async close(): Promise<void> {}
}
