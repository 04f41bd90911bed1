/** Verifies the JSON Web Tokens of one configured issuer, by its published keys or by a shared secret. */
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import type { AuthSettings } from "../config/settings.ts";
import type { Secret } from "../secrets/secret.ts";
import { CredentialRefused } from "./credential-refused.ts";
import { CLOCK_TOLERANCE_S, rolesFromClaim, verifiedFromClaims, type Verified } from "./verified.ts";

/** Checks a token of one issuer. Rejects with a jose error or a `CredentialRefused`. */
export interface JwtVerifier {
  readonly issuer: string;
  verify(token: string): Promise<Verified>;
}

type JwtSettings = AuthSettings["jwt"][number];

/** Public-key algorithms only: a symmetric one here would make the public key a signing key (RFC 8725 section 2.1). */
const PUBLIC_KEY_ALGORITHM = /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)$/;

/** Access tokens, and tokens that do not say what they are. A logout token or event must not pass for one (RFC 8725 section 3.11). */
const TOKEN_TYPE = /^(?:application\/)?(?:at\+)?jwt$/i;

/** RFC 7518 section 3.2: an HS256 key has at least the size of the hash, or it can be guessed from any one token. */
const SHORTEST_SHARED_SECRET = 32;

/** How long an identity provider that failed is left alone, milliseconds: bad tokens must not turn into a flood on it. */
const PAUSE_AFTER_FAILURE_MS = 1000;

/**
 * Makes the verifier of one `gateway.auth.jwt` entry; `secret` is the resolved `secretRef`.
 *
 * @throws Error that tells an operator what is wrong with the entry.
 */
export function createJwtVerifier(settings: JwtSettings, secret: Secret | undefined, clock: () => number): JwtVerifier {
  const { issuer, audience, rolesClaim } = settings;
  if (!issuer || !audience) throw new Error("issuer and audience are both needed");
  const key = secret ? sharedKey(secret) : publishedKeys(settings.jwksUrl, clock);
  const algorithms = secret ? ["HS256"] : settings.algorithms.filter((name) => PUBLIC_KEY_ALGORITHM.test(name));
  if (algorithms.length === 0) throw new Error("algorithms names none of RS256…512, PS256…512, ES256…512, EdDSA");
  return {
    issuer,
    async verify(token) {
      const { payload, protectedHeader } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(clock()),
      });
      if (protectedHeader.typ !== undefined && !TOKEN_TYPE.test(protectedHeader.typ)) {
        throw new CredentialRefused("invalid", `the token is of type ${JSON.stringify(protectedHeader.typ)}`);
      }
      // RFC 9068 section 2.2.1: without a user the client is the subject; some providers say it in `client_id` alone.
      return verifiedFromClaims(payload, "jwt", rolesFromClaim(payload, rolesClaim), payload.sub ?? payload.client_id);
    },
  };
}

function sharedKey(secret: Secret): JWTVerifyGetKey {
  const key = new TextEncoder().encode(secret.reveal());
  if (key.byteLength < SHORTEST_SHARED_SECRET) {
    throw new Error(`its shared secret is shorter than ${SHORTEST_SHARED_SECRET} bytes`);
  }
  return () => key;
}

/** The key set is fetched at first use, kept for 10 minutes, and asked for again at most every 30 s for an unknown key. */
function publishedKeys(jwksUrl: string | undefined, clock: () => number): JWTVerifyGetKey {
  if (!jwksUrl || !URL.canParse(jwksUrl)) throw new Error("one of jwks_url and secret_ref is needed");
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  let pausedUntil = 0;
  return async (header, token) => {
    if (!keys.fresh && clock() < pausedUntil) throw new CredentialRefused("unverifiable", "its keys failed just now");
    try {
      return await keys(header, token);
    } catch (error) {
      if (isFaultOfToken(error)) throw error;
      pausedUntil = clock() + PAUSE_AFTER_FAILURE_MS;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CredentialRefused("unverifiable", `the keys at ${jwksUrl} cannot be fetched: ${reason}`);
    }
  };
}

function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
