/** State in this process: the default, and all that one process needs. */
import type { Limit, Limiter } from "./limiter.ts";
import { memoryLimiter } from "./memory-limiter.ts";
import { MemoryRecords } from "./memory-records.ts";
import { MemoryResults } from "./memory-results.ts";
import { MemoryTokens } from "./memory-tokens.ts";
import type { Signals, StateStatus, StateStore } from "./state-store.ts";

export class MemoryState implements StateStore {
  readonly records = new MemoryRecords();
  readonly results = new MemoryResults();
  readonly tokens = new MemoryTokens();
  /** There is no other replica. */
  readonly signals: Signals = { send: () => {}, on: () => () => {} };

  limiter(limit: Limit): Limiter {
    return memoryLimiter(limit);
  }

  status(): StateStatus {
    return { kind: "memory", health: "ok" };
  }

  async close(): Promise<void> {}
}
