/** Limits that all replicas count together; while Redis is gone, each counts its own. */
import { hash } from "node:crypto";
import { nameOf, type Limit, type Limiter } from "./limiter.ts";
import { MemoryLimiter } from "./memory-limiter.ts";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";

const PREFIX = "toolgraph:limit:";

export class RedisLimiter implements Limiter {
  readonly #limit: Limit;
  readonly #link: RedisLink;
  readonly #own: MemoryLimiter;

  constructor(limit: Limit, link: RedisLink) {
    this.#limit = limit;
    this.#link = link;
    this.#own = new MemoryLimiter(limit);
  }

  async take(key: string): Promise<number> {
    const { points, windowMs } = this.#limit;
    const name = `${PREFIX}${nameOf(this.#limit)}:${hash("sha256", key, "base64url")}`;
    // What nobody waits for any more was counted here, and must not be counted there as well.
    const reply = await this.#link.askInTime((client, until) => client.toolgraphTake(name, points, windowMs, until));
    return reply === UNANSWERED ? this.#own.take(key) : reply[1];
  }
}
