/** OAuth tokens that all replicas share; while Redis is gone, those that this process knows. */
import { z } from "zod";
import { MemoryTokens } from "./memory-tokens.ts";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";
import type { SharedToken, SharedTokens, TokenBegun, TokenWish } from "./shared-tokens.ts";

const PREFIX = "toolgraph:token:";
const SIGNAL = "token";
/** How long a failure waits for those who waited for it, milliseconds. */
const FAILURE_LIFE_MS = 30_000;

const Told = z.object({
  id: z.string(),
  fence: z.number(),
  sealed: z.string(),
  renewInMs: z.number(),
  lifeMs: z.number(),
});

export class RedisTokens implements SharedTokens {
  readonly #link: RedisLink;
  /** What this process fetched or heard of. */
  readonly #own = new MemoryTokens();

  constructor(link: RedisLink) {
    this.#link = link;
    link.onRecovery(() => this.#recover());
    link.onSignal(SIGNAL, (message, ageMs) => this.#hear(message, ageMs));
  }

  latest(id: string): SharedToken | undefined {
    return this.#own.latest(id);
  }

  async begin(wish: TokenWish): Promise<TokenBegun> {
    const { id, leaseMs, refused = "", awaited = "" } = wish;
    const reply = await this.#link.askInTime((client, until) =>
      client.toolgraphBeginToken(PREFIX + id, leaseMs, until, refused, awaited),
    );
    if (reply === UNANSWERED) {
      const begun = this.#own.begin(wish);
      return begun.status === "turn" ? { ...begun, isAlone: true } : begun;
    }
    const [status, turn, text, fence, renewInMs, lifeMs] = reply;
    switch (status) {
      case "taken":
        return { status, fence: turn };
      case "failed":
        return { status, failure: text };
      default:
    }
    const token = { fence, sealed: text, renewAt: Date.now() + renewInMs };
    if (text !== "") this.#own.finish(id, token, lifeMs);
    // Redis may have lost what this process still knows.
    return status === "kept"
      ? { status, token }
      : { status: "turn", fence: turn, latest: this.#own.latest(id), isAlone: false };
  }

  async finish(id: string, token: SharedToken, lifeMs: number): Promise<void> {
    this.#own.finish(id, token, lifeMs);
    if ((await this.#link.ask(() => this.#tell(id, token, lifeMs))) === UNANSWERED) return;
    const { fence, sealed, renewAt } = token;
    const told = { id, fence, sealed, renewInMs: renewAt - Date.now(), lifeMs } satisfies z.output<typeof Told>;
    this.#link.signal(SIGNAL, told);
  }

  async fail(id: string, fence: number, failure: string, repeatMs: number): Promise<void> {
    this.#own.fail(id, fence, failure, repeatMs);
    await this.#link.ask((client) =>
      client.toolgraphFailToken(PREFIX + id, fence, failure, repeatMs, Math.max(repeatMs, FAILURE_LIFE_MS)),
    );
  }

  #tell(id: string, { fence, sealed, renewAt }: SharedToken, lifeMs: number): Promise<number> {
    const renewInMs = Math.floor(renewAt - Date.now());
    return this.#link.client.toolgraphFinishToken(PREFIX + id, fence, sealed, renewInMs, Math.ceil(lifeMs));
  }

  #hear(message: unknown, ageMs: number): void {
    const told = Told.safeParse(message);
    if (!told.success) return;
    const { id, fence, sealed, renewInMs, lifeMs } = told.data;
    this.#own.finish(id, { fence, sealed, renewAt: Date.now() + renewInMs - ageMs }, lifeMs - ageMs);
  }

  /** A Redis that was restarted empty is told what is still known, the latest by whichever replica knows it. */
  async #recover(): Promise<void> {
    for (const { id, token, lifeMs } of this.#own.all()) await this.#tell(id, token, lifeMs);
  }
}
