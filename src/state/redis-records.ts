/** Records of writes that all replicas share; what this process began or finished it also knows itself. */
import { type Begun, type CallRecords, type Claim, RECORD_TTL_MS } from "./call-records.ts";
import { MemoryRecords } from "./memory-records.ts";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";

const PREFIX = "toolgraph:call:";

export class RedisRecords implements CallRecords {
  readonly #link: RedisLink;
  /** Answers for this process's own calls even while Redis is gone or after it lost its memory. */
  readonly #own = new MemoryRecords();
  readonly #running = new Map<string, Claim>();
  /** What Redis has to be told once it is back, by key. */
  readonly #untold = new Map<string, () => Promise<unknown>>();

  constructor(link: RedisLink) {
    this.#link = link;
    link.onRecovery(() => this.#recover());
  }

  async begin(claim: Claim): Promise<Begun> {
    const own = this.#own.begin(claim);
    if (own.status !== "claimed" && own.status !== "unavailable") return own;
    const begun = await this.#beginShared(claim);
    if (begun.status === "claimed") this.#running.set(claim.key, claim);
    else this.#own.release(claim);
    return begun;
  }

  async finish(claim: Claim, outcome: string): Promise<void> {
    this.#running.delete(claim.key);
    this.#own.finish(claim, outcome);
    const finish = () => this.#finishShared(claim, outcome);
    if ((await this.#link.ask(finish)) === UNANSWERED) this.#untold.set(claim.key, finish);
  }

  async release(claim: Claim): Promise<void> {
    this.#running.delete(claim.key);
    this.#own.release(claim);
    await this.#releaseShared(claim);
  }

  async #beginShared(claim: Claim): Promise<Begun> {
    const link = this.#link;
    if (!link.isUp) return UNREACHABLE;
    const reply = await link.askInTime((client, until) => this.#claimShared(client, claim, until));
    if (reply === UNANSWERED) {
      // It may have been claimed all the same; no one is to wait for a call that never ran.
      await this.#releaseShared(claim);
      return link.isUp ? FULL : UNREACHABLE;
    }
    const [status, outcome] = reply;
    switch (status) {
      case "claimed":
      case "running":
      case "other_arguments":
      case "abandoned":
        return { status };
      case "done":
        return { status, outcome: outcome! };
      default:
        return UNREACHABLE;
    }
  }

  #claimShared(
    client: RedisLink["client"],
    { key, fingerprint, owner, leaseMs }: Claim,
    until: number,
  ): Promise<[string, string?]> {
    return client.toolgraphBegin(PREFIX + key, fingerprint, owner, leaseMs, RECORD_TTL_MS, until);
  }

  #finishShared({ key, fingerprint, owner }: Claim, outcome: string): Promise<number> {
    return this.#link.client.toolgraphFinish(PREFIX + key, fingerprint, owner, outcome, RECORD_TTL_MS);
  }

  async #releaseShared({ key, owner }: Claim): Promise<void> {
    const release = () => this.#link.client.toolgraphRelease(PREFIX + key, owner);
    if ((await this.#link.ask(release)) === UNANSWERED) this.#untold.set(key, release);
  }

  /** A Redis that was restarted empty knows nothing of the calls that run: it is told, so that no replica begins them. */
  async #recover(): Promise<void> {
    for (const [key, tell] of this.#untold) {
      await tell();
      this.#untold.delete(key);
    }
    for (const claim of this.#running.values()) await this.#claimShared(this.#link.client, claim, NEVER_LATE);
  }
}

const NEVER_LATE = Number.MAX_SAFE_INTEGER;
const UNREACHABLE: Begun = { status: "unavailable", reason: "The shared state cannot be reached" };
const FULL: Begun = { status: "unavailable", reason: "The shared state keeps no more records" };
