/** Reads the encrypted session tokens of Auth.js v5 and NextAuth v4, without either package. */
import { hkdfSync } from "node:crypto";
import { base64url, calculateJwkThumbprint, decodeProtectedHeader, errors, jwtDecrypt } from "jose";
import type { Secret } from "../secrets/secret.ts";
import { CredentialRefused } from "./credential-refused.ts";
import { CLOCK_TOLERANCE_S, rolesFromClaim, verifiedFromClaims, type Verified } from "./verified.ts";

interface SessionKey {
  readonly enc: string;
  readonly key: Uint8Array;
  /** Auth.js v5 names the key by its thumbprint; NextAuth v4 does not. */
  readonly kid?: string;
}

/** In v5 the salt is the cookie's name, so a state or PKCE cookie made with the same secret does not decrypt here. */
const v5Salts = ["authjs.session-token", "__Secure-authjs.session-token"];

/**
 * Makes a reader of session tokens. Keys are derived once; a token of any of `secrets` counts, which is how secrets
 * are rotated: put the new one first, keep the old one until its sessions ended.
 *
 * Facts from the packages themselves: `@auth/core` jwt.js (`dir`, `A256CBC-HS512`, HKDF-SHA256 with the cookie name as
 * salt, 64 bytes) and `next-auth` v4 jwt/index.js (`dir`, `A256GCM`, empty salt, 32 bytes).
 */
export async function createSessionReader(
  secrets: readonly Secret[],
  clock: () => number,
): Promise<(token: string) => Promise<Verified>> {
  const keys = (await Promise.all(secrets.map(deriveKeys))).flat();
  return async (token) => {
    const { enc, kid } = decodeProtectedHeader(token);
    const candidates = keys.filter((each) => each.enc === enc && (kid === undefined || each.kid === kid));
    for (const { key } of candidates) {
      const claims = await decrypt(token, key, clock());
      // The other cookies of NextAuth v4 are made with the same key; they name no subject, which refuses them.
      if (claims) return verifiedFromClaims(claims, "authjs", rolesOf(claims));
    }
    throw new CredentialRefused("invalid", "the session token was not made with a configured secret");
  };
}

async function deriveKeys(secret: Secret): Promise<SessionKey[]> {
  const derive = (salt: string, info: string, length: number) =>
    new Uint8Array(hkdfSync("sha256", secret.reveal(), salt, info, length));
  const v4 = { enc: "A256GCM", key: derive("", "NextAuth.js Generated Encryption Key", 32) };
  const v5 = v5Salts.map(async (salt) => {
    const key = derive(salt, `Auth.js Generated Encryption Key (${salt})`, 64);
    const kid = await calculateJwkThumbprint({ kty: "oct", k: base64url.encode(key) }, "sha512");
    return { enc: "A256CBC-HS512", key, kid };
  });
  return [v4, ...(await Promise.all(v5))];
}

/** The claims, or nothing when the token was made with another key. */
async function decrypt(token: string, key: Uint8Array, now: number) {
  try {
    const { payload } = await jwtDecrypt(token, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256CBC-HS512", "A256GCM"],
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now),
      // Neither package compresses; refusing it leaves no room for a token that inflates.
      maxDecompressedLength: 0,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWEDecryptionFailed) return undefined;
    throw error;
  }
}

function rolesOf(claims: Parameters<typeof rolesFromClaim>[0]): readonly string[] {
  return [...new Set([...rolesFromClaim(claims, "roles"), ...rolesFromClaim(claims, "role")])];
}
