/** A credential that does not count: the caller gets one text per kind, the exact reason is for the log alone. */
import { errors } from "jose";
import { CatalogueError } from "../errors/catalogue-error.ts";

/** `unverifiable`: the credential may be good, but what is needed to check it cannot be reached now. */
export type RefusalKind = "missing" | "invalid" | "expired" | "unverifiable";

const HOW = "Send a credential of this gateway as 'Authorization: Bearer <token>' or 'X-API-Key: <key>'.";

/** Texts that tell what to do and nothing that helps to guess: an unknown key and a forged token read the same. */
const texts: Record<RefusalKind, string> = {
  missing: `This request carries no credential. ${HOW}`,
  invalid: `The credential of this request is not valid. ${HOW}`,
  expired: "The credential of this request has expired. Get a new one and send the request again.",
  unverifiable: "The credential of this request cannot be checked at the moment. Send the same request again shortly.",
};

/** Thrown inside authentication only; `message` is the exact reason and never leaves the log. */
export class CredentialRefused extends Error {
  override readonly name = "CredentialRefused";
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, reason: string) {
    super(reason);
    this.kind = kind;
  }

  /** What the caller is told. `details.problem` lets a door choose the right `WWW-Authenticate` (RFC 6750 section 3.1). */
  toCatalogueError(): CatalogueError {
    return new CatalogueError("AUTHENTICATION_FAILURE_API", texts[this.kind], {
      details: { problem: `${this.kind}_credential` },
      suggestion: this.kind === "missing" || this.kind === "invalid" ? HOW : texts[this.kind],
      ...(this.kind === "unverifiable" && { retryable: true, retryAfterMs: 5000 }),
      acted: "no",
    });
  }
}

/** Reads what verification threw: a jose error, a refusal of ours, or a key that the runtime will not work with. */
export function toRefusal(thrown: unknown): CredentialRefused {
  if (thrown instanceof CredentialRefused) return thrown;
  if (thrown instanceof errors.JWTExpired) return new CredentialRefused("expired", thrown.message);
  return new CredentialRefused("invalid", thrown instanceof Error ? thrown.message : String(thrown));
}
