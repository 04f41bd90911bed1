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
    const waitMs = await this.#link.ask((client) => client.toolgraphTake(name, points, windowMs));
    return waitMs === UNANSWERED ? this.#own.take(key) : waitMs;
  }
}
