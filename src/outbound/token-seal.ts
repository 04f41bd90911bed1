/** Seals what is kept of an OAuth credential, so that the store that replicas share never holds a token in plain text. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Secret } from "../secrets/secret.ts";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a key derived by HKDF (RFC 5869) from the client's secret, which every replica has and the store has not.
 *
 * @example
 * const seal = new TokenSeal(clientSecret, credentialId);
 * seal.open(seal.close({ accessToken })); // { accessToken }
 */
export class TokenSeal {
  /** Names the credential in the store; another secret makes another name. */
  readonly id: string;
  readonly #key: Buffer;

  constructor(clientSecret: Secret, credentialId: string) {
    const derive = (use: string, bytes: number) =>
      Buffer.from(hkdfSync("sha256", clientSecret.reveal(), credentialId, `toolgraph token ${use}`, bytes));
    this.#key = derive("seal", KEY_BYTES);
    this.id = derive("name", 16).toString("base64url");
  }

  close(value: unknown): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    // What was sealed for one credential cannot be put in another one's place.
    cipher.setAAD(Buffer.from(this.id));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** `undefined` for what was not sealed here, or was changed since. */
  open(text: string): unknown {
    const bytes = Buffer.from(text, "base64url");
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(this.id)).setAuthTag(tag);
      const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(opened.toString("utf8"));
    } catch {
      return undefined;
    }
  }
}
