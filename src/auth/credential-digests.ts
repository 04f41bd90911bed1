/** The hash by which a credential is known, made once for as long as its connection sends no other. */
import { hash } from "node:crypto";

interface Last {
  readonly token: string;
  readonly digest: string;
}

export class CredentialDigests {
  readonly #last = new WeakMap<object, Last>();

  /** SHA-256, as base64. */
  of(token: string, connection: object | undefined): string {
    const last = connection && this.#last.get(connection);
    return last?.token === token ? last.digest : hash("sha256", token, "base64");
  }

  /** To be called for a credential that is accepted: no other is kept. */
  keep(token: string, digest: string, connection: object | undefined): void {
    if (connection && this.#last.get(connection)?.digest !== digest) this.#last.set(connection, { token, digest });
  }
}
