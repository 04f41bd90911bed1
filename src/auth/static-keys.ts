/** Credentials that are known beforehand: API keys and the developer token, found by their digest in constant time. */
import { hash, timingSafeEqual } from "node:crypto";
import type { Caller } from "./caller.ts";

const HASHED = /^sha256:([0-9a-f]{64})$/i;

/** The known keys. Only digests are kept: the keys themselves are not in memory, and a hashed one never was. */
export class StaticKeys {
  readonly #known: { digest: Buffer; caller: Caller }[] = [];

  /**
   * Adds a key, given raw or as `sha256:<hex>` of it; returns what is wrong with it, if anything.
   *
   * @example
   * keys.add(`sha256:${createHash("sha256").update("the-key").digest("hex")}`, caller); // "the-key" now authenticates
   */
  add(secret: string, caller: Caller): string | undefined {
    const text = secret.trim();
    if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(text)) return "is empty or holds a space, a comma or characters beyond ASCII";
    const hashed = HASHED.exec(text)?.[1];
    const digest = hashed === undefined ? sha256(text) : Buffer.from(hashed, "hex");
    const twin = this.find(digest);
    if (twin) return `is the same secret as that of '${twin.id}'`;
    this.#known.push({ digest, caller });
    return undefined;
  }

  /** Compares with every known key, so that the time taken says nothing about which one came near. */
  find(digest: Buffer): Caller | undefined {
    let found: Caller | undefined;
    for (const each of this.#known) if (timingSafeEqual(each.digest, digest)) found = each.caller;
    return found;
  }
}

/** SHA-256 of a secret. Comparing digests instead of secrets also hides the length. */
export function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
