/** Service accounts: trades a client id and secret for a short-lived token, and verifies that token again. */
import { hkdfSync, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { decodeJwt, jwtVerify, SignJWT } from "jose";
import type { Secret } from "../secrets/secret.ts";
import { readClientCredentials, type ClientCredentials, type TokenRequest } from "./client-credentials.ts";
import { CredentialRefused } from "./credential-refused.ts";
import type { JwtVerifier } from "./jwt-verifier.ts";
import { OAuthError } from "./oauth-error.ts";
import { sha256 } from "./static-keys.ts";
import { CLOCK_TOLERANCE_S, verifiedFromClaims } from "./verified.ts";

export interface IssuedToken {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
}

export interface ServiceAccount {
  readonly clientId: string;
  readonly secret: Secret;
  readonly roles: readonly string[];
}

interface Account {
  readonly id: string;
  readonly idDigest: Buffer;
  readonly secretDigest: Buffer;
  readonly signingKey: Uint8Array;
  readonly roles: readonly string[];
}

const ISSUER = "urn:toolgraph:service-accounts";
const LIFETIME_S = 600;

/** Used unless the operator gives a key: tokens then count in the process that issued them, until it ends. */
const processKey = randomBytes(32);

/**
 * The token route and its verifier. An account's signing key derives from `rootKey` and the account's secret: replicas
 * that are given the same root key accept each other's tokens, and changing the secret ends the tokens of the old one.
 * Roles are read from the settings at each verification, never from the token.
 */
export class ServiceAccounts implements JwtVerifier {
  readonly issuer = ISSUER;
  readonly #accounts: readonly Account[];
  readonly #clock: () => number;

  constructor(accounts: readonly ServiceAccount[], clock: () => number, rootKey?: Secret) {
    const root = rootKey ? sha256(rootKey.reveal()) : processKey;
    this.#clock = clock;
    this.#accounts = accounts.map(({ clientId, secret, roles }) => {
      const secretDigest = sha256(secret.reveal());
      const idDigest = sha256(clientId);
      const signingKey = new Uint8Array(hkdfSync("sha256", root, secretDigest, idDigest, 32));
      return { id: clientId, idDigest, secretDigest, signingKey, roles };
    });
  }

  /** @throws OAuthError */
  async issue(request: TokenRequest): Promise<IssuedToken> {
    const account = this.#find(readClientCredentials(request));
    if (!account) throw new OAuthError("invalid_client", "The client is unknown or its secret is wrong.");
    const now = Math.floor(this.#clock() / 1000);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(account.id)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_S)
      .setJti(randomUUID())
      .sign(account.signingKey);
    return { access_token: token, token_type: "Bearer", expires_in: LIFETIME_S };
  }

  async verify(token: string) {
    const { sub } = decodeJwt(token);
    const account = this.#accounts.find((each) => each.id === sub);
    if (!account) throw new CredentialRefused("invalid", "the token's service account is not configured");
    const { payload } = await jwtVerify(token, account.signingKey, {
      issuer: ISSUER,
      audience: ISSUER,
      algorithms: ["HS256"],
      typ: "at+jwt",
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(this.#clock()),
    });
    return verifiedFromClaims(payload, "service_account", account.roles);
  }

  /** Compares id and secret with every account, without stopping early: the time taken tells neither which exists nor how near a secret came. */
  #find(given: ClientCredentials): Account | undefined {
    let found: Account | undefined;
    for (const { id, secret } of given) {
      const idDigest = sha256(id);
      const secretDigest = sha256(secret);
      for (const account of this.#accounts) {
        const sameId = timingSafeEqual(account.idDigest, idDigest);
        const sameSecret = timingSafeEqual(account.secretDigest, secretDigest);
        if (sameId && sameSecret) found = account;
      }
    }
    return found;
  }
}
