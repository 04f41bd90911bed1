/** Names of people by their ids, remembered for half an hour, so that agents read names and not ids. */
import { LRUCache } from "lru-cache";
import { CatalogueError, type HttpClient } from "../../src/index.ts";
import { answerWithin } from "./answer-within.ts";
import { UserAnswer, type SlackUser } from "./slack-answers.ts";

const MOST_LOOKUPS_PER_CALL = 25;
const PAUSE_MS = 60_000;

export interface UserDirectoryOptions {
  /** Most people remembered. */
  readonly maxUsers?: number;
  /** Milliseconds a name is believed. */
  readonly ttlMs?: number;
  /** Milliseconds a call waits for names that are not known yet. */
  readonly waitMs?: number;
}

/** `name` is absent for a person whom Slack does not know or does not show: that is remembered, too. */
interface KnownUser {
  readonly name?: string;
}

export class UserDirectory {
  readonly #known: LRUCache<string, KnownUser, HttpClient>;
  readonly #waitMs: number;
  #pausedUntil = 0;

  constructor(options: UserDirectoryOptions = {}) {
    this.#waitMs = options.waitMs ?? 2_000;
    this.#known = new LRUCache({
      max: options.maxUsers ?? 5_000,
      ttl: options.ttlMs ?? 30 * 60_000,
      fetchMethod: (id, _, { context }) => this.#lookUp(id, context),
    });
  }

  /** Names of these people as far as they can be had quickly. Never throws: a missing name leaves the id. */
  async names(ids: Iterable<string>, http: HttpClient): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(ids);
    const unknown = [...wanted].filter((id) => !this.#known.has(id));
    if (unknown.length > 0 && Date.now() >= this.#pausedUntil) {
      const lookUps = unknown.slice(0, MOST_LOOKUPS_PER_CALL).map((id) => this.#known.fetch(id, { context: http }));
      await answerWithin(Promise.allSettled(lookUps), this.#waitMs);
    }
    const names = new Map<string, string>();
    for (const id of wanted) {
      const name = this.#known.get(id)?.name;
      if (name !== undefined) names.set(id, name);
    }
    return names;
  }

  /** Keeps what another answer told about people. */
  remember(users: Iterable<SlackUser>): void {
    for (const user of users) this.#known.set(user.id, { name: displayNameOf(user) });
  }

  async #lookUp(id: string, http: HttpClient): Promise<KnownUser> {
    try {
      const { user } = (await http.post("/users.info", { form: { user: id } })).as(UserAnswer);
      return { name: displayNameOf(user) };
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      if (error.status === 404) return {};
      // No permission, rate limit or outage: asking again for each person would only make it worse. A broken or
      // abandoned connection says nothing about the next call.
      if (error.code !== "MCP_CONNECTION_ERROR") this.#pausedUntil = Date.now() + (error.retryAfterMs ?? PAUSE_MS);
      throw error;
    }
  }
}

/** The name Slack shows: the display name, else the real name, else the handle. */
export function displayNameOf(user: SlackUser): string {
  return user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id;
}
