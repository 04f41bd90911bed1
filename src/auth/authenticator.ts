/** Says who sends a request: the one place where a credential of the gateway is judged, for all doors. */
import type { Logger } from "pino";
import { decodeJwt } from "jose";
import type { Caller } from "./caller.ts";
import type { TokenRequest } from "./client-credentials.ts";
import { CredentialDigests } from "./credential-digests.ts";
import { CredentialRefused, toRefusal } from "./credential-refused.ts";
import { loadCredentials, type Credentials, type LoadCredentialsOptions } from "./load-credentials.ts";
import { readCredential, type Credential, type HeaderReader } from "./read-credential.ts";
import type { IssuedToken } from "./service-accounts.ts";
import { VerifiedCache } from "./verified-cache.ts";
import type { Verified } from "./verified.ts";

export interface AuthenticatorOptions extends Omit<LoadCredentialsOptions, "clock"> {
  /** Gets the exact reason of each refusal; the caller only learns its kind. */
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface Authenticator {
  /**
   * The caller of a request. Returns it at once, not as a promise, for a key or a token that was verified before.
   *
   * @throws CatalogueError `AUTHENTICATION_FAILURE_API`, here or as rejection
   */
  authenticate(headers: HeaderReader, correlationId?: string): Caller | Promise<Caller>;
  /** Answers the token route. @throws OAuthError */
  issueToken(request: TokenRequest): Promise<IssuedToken>;
  /** One sentence for each configured credential that is off, with its reason. */
  readonly faults: readonly string[];
  /** Forgets every verified token. */
  close(): void;
}

const ANONYMOUS: Caller = { id: "anonymous", roles: ["anonymous"], method: "anonymous" };

/** Always valid: an API key ends with the settings that name it. */
const ALWAYS = { notBefore: -Infinity, notAfter: Infinity };

/**
 * Makes the authenticator of one generation of settings: changed settings get a new one, and nothing that the old one
 * remembered counts for it.
 *
 * @example
 * const authenticator = await createAuthenticator({ settings: settings.gateway.auth, resolveSecret, log });
 * const caller = await authenticator.authenticate(request);
 */
export async function createAuthenticator(options: AuthenticatorOptions): Promise<Authenticator> {
  const { log, clock = () => Date.now() } = options;
  const credentials = await loadCredentials({ ...options, clock });
  const digests = new CredentialDigests();
  const caches = { header: new VerifiedCache(clock), cookie: new VerifiedCache(clock) };

  const refuse = (thrown: unknown, from: Credential["from"] | "none", correlationId: string | undefined): never => {
    const refusal = toRefusal(thrown);
    const line = { kind: refusal.kind, reason: refusal.message, from };
    log.warn(correlationId === undefined ? line : { correlation_id: correlationId, ...line }, "authentication refused");
    throw refusal.toCatalogueError();
  };
  const verify = async (credential: Credential, digest: string, correlationId?: string): Promise<Caller> => {
    try {
      const verified = await verifyToken(credential, credentials);
      return caches[credential.from].set(digest, verified);
    } catch (error) {
      return refuse(error, credential.from, correlationId);
    }
  };

  return {
    faults: credentials.faults,
    authenticate(headers, correlationId) {
      let credential: Credential | undefined;
      try {
        credential = readCredential(headers, { cookies: credentials.readSession !== undefined });
        if (!credential) {
          if (options.settings.anonymous) return ANONYMOUS;
          throw new CredentialRefused("missing", "no credential, or a session cookie on a request of a foreign page");
        }
        const digest = digests.of(credential.token, headers.connection);
        const cache = caches[credential.from];
        const remembered = cache.get(digest);
        if (remembered) {
          digests.keep(credential.token, digest, headers.connection);
          return remembered;
        }
        const owner = credential.from === "header" ? credentials.keys.find(Buffer.from(digest, "base64")) : undefined;
        return owner ? cache.set(digest, { caller: owner, ...ALWAYS }) : verify(credential, digest, correlationId);
      } catch (error) {
        return refuse(error, credential?.from ?? "none", correlationId);
      }
    },
    issueToken: (request) => credentials.serviceAccounts.issue(request),
    close() {
      caches.header.clear();
      caches.cookie.clear();
    },
  };
}

/** A compact token tells by its number of parts what it is: three are signed, five are encrypted. A cookie holds only the latter. */
async function verifyToken({ token, from }: Credential, { jwt, readSession }: Credentials): Promise<Verified> {
  const parts = token.split(".").length;
  if (parts === 5 && readSession) return readSession(token);
  if (parts !== 3 || from === "cookie") throw new CredentialRefused("invalid", "no such key, and no token known here");
  const { iss } = decodeJwt(token);
  const verifiers = jwt.get(iss ?? "") ?? [];
  const refusals: CredentialRefused[] = [];
  for (const verifier of verifiers) {
    try {
      return await verifier.verify(token);
    } catch (error) {
      refusals.push(toRefusal(error));
    }
  }
  // With several audiences of one issuer, the entry that got furthest says most.
  const reading = ["expired", "unverifiable", "invalid"] as const;
  const best = reading.flatMap((kind) => refusals.filter((each) => each.kind === kind))[0];
  throw best ?? new CredentialRefused("invalid", `no configured issuer is ${JSON.stringify(iss?.slice(0, 200))}`);
}
