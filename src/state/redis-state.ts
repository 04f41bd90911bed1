/** State that several replicas share through Redis or Valkey; without it each goes on with its own. */
import { nameOf, type Limit, type Limiter } from "./limiter.ts";
import { RedisLimiter } from "./redis-limiter.ts";
import { RedisLink, type RedisLinkOptions } from "./redis-link.ts";
import { RedisRecords } from "./redis-records.ts";
import { RedisResults } from "./redis-results.ts";
import { defineScripts } from "./redis-scripts.ts";
import { RedisShelf } from "./redis-shelf.ts";
import { RedisTokens } from "./redis-tokens.ts";
import type { Signals, StateStatus, StateStore } from "./state-store.ts";
import { warnOfEviction } from "./warn-of-eviction.ts";

/** How long the start of the gateway waits for Redis, milliseconds. */
const START_WAIT_MS = 1_000;

export class RedisState implements StateStore {
  readonly records: RedisRecords;
  readonly results: RedisResults;
  readonly tokens: RedisTokens;
  readonly shelf: RedisShelf;
  readonly signals: Signals;
  readonly #link: RedisLink;
  readonly #limiters = new Map<string, Limiter>();

  private constructor(link: RedisLink) {
    defineScripts(link.client);
    this.#link = link;
    this.records = new RedisRecords(link);
    this.results = new RedisResults(link);
    this.tokens = new RedisTokens(link);
    this.shelf = new RedisShelf(link);
    this.signals = {
      send: (topic, message) => link.signal(topic, message),
      on: (topic, listener) => link.onSignal(topic, listener),
    };
  }

  /** Resolves when Redis answers, or soon even when it does not. Never rejects. */
  static async open(options: RedisLinkOptions): Promise<RedisState> {
    const link = new RedisLink(options);
    const state = new RedisState(link);
    link.onRecovery(() => warnOfEviction(link.client, options.log));
    await link.ready(START_WAIT_MS);
    if (!link.isUp) options.log.warn("shared state cannot be reached; going on with this process's own");
    return state;
  }

  limiter(limit: Limit): Limiter {
    const name = nameOf(limit);
    let limiter = this.#limiters.get(name);
    if (!limiter) this.#limiters.set(name, (limiter = new RedisLimiter(limit, this.#link)));
    return limiter;
  }

  status(): StateStatus {
    return this.#link.status();
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}
