/** A caller whose token was verified, with the span in which the token counts, and how claims become one. */
import type { JWTPayload } from "jose";
import type { Caller } from "./caller.ts";
import { CredentialRefused } from "./credential-refused.ts";

/** Clocks of issuers and of ours may differ by this much, seconds. */
export const CLOCK_TOLERANCE_S = 5;

export interface Verified {
  readonly caller: Caller;
  /** Milliseconds since 1970, tolerance included. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Builds the caller from claims whose signature, issuer, audience and times were already checked.
 *
 * @throws CredentialRefused when the claims name nobody or never expire.
 */
export function verifiedFromClaims(
  claims: JWTPayload,
  method: Caller["method"],
  roles: readonly string[],
  id: unknown = claims.sub,
): Verified {
  if (typeof id !== "string" || id === "") throw new CredentialRefused("invalid", "the token names no subject");
  if (claims.exp === undefined) throw new CredentialRefused("invalid", "the token never expires");
  const expiresAt = claims.exp * 1000;
  return {
    caller: { id, roles, method, expiresAt, ...(method === "jwt" && claims.iss && { issuer: claims.iss }) },
    notBefore: claims.nbf === undefined ? -Infinity : (claims.nbf - CLOCK_TOLERANCE_S) * 1000,
    notAfter: expiresAt + CLOCK_TOLERANCE_S * 1000,
  };
}

/**
 * Reads roles from a claim: a list, or one text with spaces between (as `scope`). `name` is the claim itself
 * (`roles`, `https://example.com/roles`) or a path into it (`realm_access.roles`).
 */
export function rolesFromClaim(claims: JWTPayload, name: string): readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : claimAt(claims, name.split("."));
  if (typeof value === "string") return value.split(/\s+/).filter(Boolean);
  return Array.isArray(value) ? value.filter((role): role is string => typeof role === "string" && role !== "") : [];
}

function claimAt(claims: unknown, path: readonly string[]): unknown {
  let value = claims;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
