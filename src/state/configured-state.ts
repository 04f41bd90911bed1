/** The state that `gateway.state` names: decided by the first configuration, which comes after the parts are put together. */
import type { Logger } from "pino";
import type { CallRecords } from "./call-records.ts";
import type { Limit, Limiter } from "./limiter.ts";
import { MemoryState } from "./memory-state.ts";
import type { Results } from "./results.ts";
import type { Shelf } from "./shelf.ts";
import type { SharedTokens } from "./shared-tokens.ts";
import type { SignalListener, Signals, StateStatus, StateStore } from "./state-store.ts";

export class ConfiguredState implements StateStore {
  readonly #log: Logger;
  #state: StateStore = new MemoryState();
  #address: string | undefined;
  /** Who listens before the state is decided goes on listening after it. */
  readonly #listeners = new Set<{ readonly topic: string; readonly listener: SignalListener; stop: () => void }>();
  readonly signals: Signals = {
    send: (topic, message) => this.#state.signals.send(topic, message),
    on: (topic, listener) => {
      const listening = { topic, listener, stop: this.#state.signals.on(topic, listener) };
      this.#listeners.add(listening);
      return () => {
        this.#listeners.delete(listening);
        listening.stop();
      };
    },
  };

  constructor(log: Logger) {
    this.#log = log.child({ component: "state" });
  }

  /** `memory` or an address. Another one than the first changes nothing before a restart. */
  async use(address: string): Promise<void> {
    if (this.#address === undefined) {
      this.#address = address;
      if (address === "memory") return;
      // Its clients are loaded by those alone who share a state.
      const { RedisState } = await import("./redis-state.ts");
      this.#state = await RedisState.open({ address, log: this.#log });
      for (const each of this.#listeners) each.stop = this.#state.signals.on(each.topic, each.listener);
    } else if (this.#address !== address) {
      this.#log.warn("gateway.state changes only with a restart");
    }
  }

  get records(): CallRecords {
    return this.#state.records;
  }

  get results(): Results {
    return this.#state.results;
  }

  get tokens(): SharedTokens {
    return this.#state.tokens;
  }

  get shelf(): Shelf {
    return this.#state.shelf;
  }

  limiter(limit: Limit): Limiter {
    return this.#state.limiter(limit);
  }

  status(): StateStatus {
    return this.#state.status();
  }

  close(): Promise<void> {
    return this.#state.close();
  }
}
