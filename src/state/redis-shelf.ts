/** Large results in Redis, compressed, bounded for each caller. */
import { hash } from "node:crypto";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { type RedisLink, UNANSWERED } from "./redis-link.ts";
import type { Shelf, Shelved } from "./shelf.ts";

const PREFIX = "toolgraph:shelf:";
/** Of one caller, compressed. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_COUNT = 200;
/** A larger one would hold up what else is asked over the connection. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024;
/** What comes out of Redis is not to fill the memory, whoever put it in. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** Megabytes may take longer than a question, milliseconds. */
const ANSWER_WITHIN_MS = 1_000;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export class RedisShelf implements Shelf {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async put(owner: string, id: string, parts: readonly Buffer[], ttlMs: number): Promise<void> {
    if (!this.#link.isUp) return;
    const packed = await pack(Buffer.concat(parts), { level: constants.Z_BEST_SPEED });
    if (packed.byteLength > MAX_RESULT_BYTES) return;
    await this.#link.ask(
      (client) => client.toolgraphShelve(keyOf(owner), id, packed, packed.byteLength, MAX_BYTES, MAX_COUNT, ttlMs),
      ANSWER_WITHIN_MS,
    );
  }

  async get(owner: string, id: string): Promise<Shelved | "unavailable" | undefined> {
    const key = `${keyOf(owner)}:${id}`;
    const reply = await this.#link.ask(
      (client) => Promise.all([client.getBuffer(key), client.pttl(key)]),
      ANSWER_WITHIN_MS,
    );
    if (reply === UNANSWERED) return "unavailable";
    const [packed, leftMs] = reply;
    if (packed === null || leftMs <= 0) return undefined;
    return { bytes: await unpack(packed, { maxOutputLength: MAX_UNPACKED_BYTES }), leftMs };
  }
}

function keyOf(owner: string): string {
  return PREFIX + hash("sha256", owner, "base64url");
}
