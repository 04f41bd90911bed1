/** One entry of `gateway.auth.jwt` as it is written: an issuer with a key set, or one with a shared secret. */
import { z } from "zod";
import { defined } from "./defined.ts";
import { httpUrl, nonEmpty, secretRef } from "./field-schemas.ts";
import type { AuthSettings } from "./settings.ts";

const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "HS256",
] as const;

export const jwtIssuer = z.strictObject({
  issuer: nonEmpty.describe("The `iss` of its tokens."),
  audience: nonEmpty.describe("The `aud` that tokens for this gateway carry."),
  jwks_url: httpUrl.exactOptional().describe("Where the issuer publishes its keys."),
  secret_ref: secretRef.exactOptional().describe("Secret shared with the issuer (HS256), instead of jwks_url."),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .exactOptional()
    .describe("Signature algorithms accepted; RS256 when absent, HS256 with secret_ref."),
  roles_claim: nonEmpty.default("roles").describe("Claim that holds the caller's roles."),
});

export function toJwtSettings(entry: z.output<typeof jwtIssuer>): AuthSettings["jwt"][number] {
  return defined({
    issuer: entry.issuer,
    audience: entry.audience,
    jwksUrl: entry.jwks_url,
    secretRef: entry.secret_ref,
    algorithms: entry.algorithms ?? [entry.secret_ref === undefined ? "RS256" : "HS256"],
    rolesClaim: entry.roles_claim,
  });
}
