/** An OAuth 2 credential: fetches access tokens (RFC 6749), keeps them till shortly before they expire, renews them. */
import type { Authorizer } from "../connector/connector.ts";
import type { CatalogueError } from "../errors/catalogue-error.ts";
import { Secret } from "../secrets/secret.ts";
import { fingerprint } from "./authorizer.ts";
import { requestToken, type ClientAuthentication, type TokenAnswer } from "./request-token.ts";

export interface OAuthCredentialOptions {
  readonly method: "oauth2" | "oauth2_client_credentials";
  readonly tokenUrl: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  /** Used until the token endpoint gives another one; without it the grant is `client_credentials`. */
  readonly refreshToken?: Secret;
  /** Used until it is refused. */
  readonly accessToken?: Secret;
  /** Longest a token request may take, milliseconds. */
  readonly timeoutMs: number;
}

interface HeldToken {
  readonly authorization: string;
  /** Milliseconds since 1970 to renew at; infinite when the endpoint did not say how long the token lives. */
  readonly renewAt: number;
  /** Milliseconds since 1970 of a token that replaced a refused one. */
  readonly replacedAt?: number;
}

const RENEW_BEFORE_MS = 60_000;
/** A token refused this soon after it replaced another is not the problem; fetching more would only hammer the endpoint. */
const REPLACEMENT_TRUST_MS = 60_000;
/** How long a refusal by the token endpoint is repeated without asking it again. */
const REFUSAL_MEMORY_MS = 10_000;

export class OAuthCredential implements Authorizer {
  readonly method: OAuthCredentialOptions["method"];
  readonly credentialId: string;
  readonly #options: OAuthCredentialOptions;
  #refreshToken: Secret | undefined;
  #held: HeldToken | undefined;
  #renewal: Promise<HeldToken> | undefined;
  #isReplacing = false;
  #refusal: { readonly error: CatalogueError; readonly until: number } | undefined;
  #clientAuthentication: ClientAuthentication | undefined;

  constructor(options: OAuthCredentialOptions) {
    this.#options = options;
    this.method = options.method;
    this.#refreshToken = options.refreshToken;
    if (options.accessToken) this.#held = { authorization: bearer(options.accessToken.reveal()), renewAt: Infinity };
    // The configured refresh token stands for the user; its successors stand for the same one.
    const identity = [options.tokenUrl, options.clientId.reveal(), options.refreshToken?.reveal(), ...options.scopes];
    this.credentialId = fingerprint(JSON.stringify(identity));
  }

  /** Throws `MCP_AUTHENTICATION_FAILURE` when the token endpoint refuses, `MCP_CONNECTION_ERROR` when it cannot be reached. */
  headers(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>> {
    const held = this.#held;
    if (held && Date.now() < held.renewAt) return { authorization: held.authorization };
    return this.#renew().then(({ authorization }) => ({ authorization }));
  }

  /**
   * @param sent the headers that were refused, where the caller still has them: a call that was sent with an older token
   * than the one held now may simply be repeated.
   */
  async refused(sent?: Readonly<Record<string, string>>): Promise<boolean> {
    const held = this.#held;
    if (held === undefined) return true;
    if (sent?.authorization !== undefined && sent.authorization !== held.authorization) return true;
    if (held.replacedAt !== undefined && Date.now() - held.replacedAt < REPLACEMENT_TRUST_MS) return false;
    this.#held = undefined;
    this.#isReplacing = true;
    return true;
  }

  #renew(): Promise<HeldToken> {
    return (this.#renewal ??= this.#fetch().finally(() => {
      this.#renewal = undefined;
    }));
  }

  async #fetch(): Promise<HeldToken> {
    if (this.#refusal && Date.now() < this.#refusal.until) throw this.#refusal.error;
    const outcome = await requestToken({
      ...this.#options,
      refreshToken: this.#refreshToken,
      clientAuthentication: this.#clientAuthentication,
    });
    if (!outcome.ok) {
      if (outcome.error.code === "MCP_AUTHENTICATION_FAILURE") {
        this.#refusal = { error: outcome.error, until: Date.now() + REFUSAL_MEMORY_MS };
      }
      throw outcome.error;
    }
    this.#refusal = undefined;
    this.#clientAuthentication = outcome.clientAuthentication;
    if (this.#refreshToken && outcome.answer.refresh_token !== undefined) {
      this.#refreshToken = new Secret(outcome.answer.refresh_token);
    }
    const now = Date.now();
    this.#held = {
      authorization: bearer(outcome.answer.access_token),
      renewAt: renewAt(outcome.answer, now),
      ...(this.#isReplacing && { replacedAt: now }),
    };
    this.#isReplacing = false;
    return this.#held;
  }
}

function renewAt({ expires_in: seconds }: TokenAnswer, now: number): number {
  if (seconds === undefined) return Infinity;
  const lifeMs = seconds * 1000;
  return now + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 10);
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
