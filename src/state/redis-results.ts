/** Results of reads that all replicas share; while Redis is gone, those of this process. */
import { randomUUID } from "node:crypto";
import { MemoryResults } from "./memory-results.ts";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";
import type { KeptResult, Lookup, Results } from "./results.ts";

const RESULT = "toolgraph:result:";
const GENERATION = "toolgraph:generation:";
const GENERATION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
const MAX_RESULT_LENGTH = 1024 * 1024;
/** Marks generations of this process's own results. */
const OWN = "own:";

export class RedisResults implements Results {
  readonly #link: RedisLink;
  readonly #own = new MemoryResults();
  /** Servers written to while Redis could not be told. */
  readonly #written = new Set<string>();

  constructor(link: RedisLink) {
    this.#link = link;
    link.onRecovery(() => this.#recover());
    // What was kept in an earlier outage may be out of date: nobody told us since.
    link.onLoss(() => this.#own.clear());
    link.onSignal("written", (serverId) => this.#own.invalidate(String(serverId)));
  }

  generation(serverId: string): string {
    return this.#own.generation(serverId);
  }

  async lookup(serverId: string, key: string): Promise<Lookup> {
    const reply = await this.#link.ask((client) =>
      client.toolgraphLookUp(GENERATION + serverId, RESULT + key, randomUUID(), GENERATION_LIFE_MS),
    );
    if (reply === UNANSWERED) {
      const { generation, kept } = this.#own.lookup(serverId, key);
      return { generation: OWN + generation, kept };
    }
    const [generation, text] = reply;
    return { generation, kept: text === undefined ? undefined : this.#read(text) };
  }

  keep(serverId: string, key: string, generation: string, output: unknown, ttlMs: number): void {
    if (generation.startsWith(OWN)) return this.#own.keep(serverId, key, generation.slice(OWN.length), output, ttlMs);
    const text = JSON.stringify(output) ?? "null";
    if (text.length > MAX_RESULT_LENGTH) return;
    const kept = `${generation} ${Math.floor(this.#link.now())} ${text}`;
    void this.#link.ask((client) => client.set(RESULT + key, kept, "PX", Math.ceil(ttlMs)));
  }

  async invalidate(serverId: string): Promise<void> {
    this.#own.invalidate(serverId);
    if ((await this.#link.ask(() => this.#renew(serverId))) === UNANSWERED) this.#written.add(serverId);
    else this.#link.signal("written", serverId);
  }

  #renew(serverId: string): Promise<unknown> {
    return this.#link.client.set(GENERATION + serverId, randomUUID(), "PX", GENERATION_LIFE_MS);
  }

  /** `<generation> <kept at> <JSON>` */
  #read(text: string): KeptResult {
    const first = text.indexOf(" ");
    const second = text.indexOf(" ", first + 1);
    const keptAt = Number(text.slice(first + 1, second));
    return { output: JSON.parse(text.slice(second + 1)), ageMs: Math.max(0, this.#link.now() - keptAt) };
  }

  async #recover(): Promise<void> {
    for (const serverId of this.#written) {
      await this.#renew(serverId);
      this.#written.delete(serverId);
      this.#link.signal("written", serverId);
    }
  }
}
