/** Credentials that do not change: tokens, keys, basic authentication, or none. */
import { hash } from "node:crypto";
import type { ApiKeyPlace, Authorizer } from "../connector/connector.ts";
import type { Secret } from "../secrets/secret.ts";

/** A server that asks for no credential. */
export const noCredential: Authorizer = { method: "none", credentialId: "none", headers: () => ({}) };

/** `Authorization: Bearer …` (RFC 6750). */
export function bearerCredential(token: Secret, method: "bearer_token" | "pat" = "bearer_token"): Authorizer {
  return headerCredential(method, { authorization: `Bearer ${token.reveal()}` });
}

/** `Authorization: Basic …` (RFC 7617), user name and password in UTF-8. */
export function basicCredential(username: Secret, password: Secret): Authorizer {
  const pair = Buffer.from(`${username.reveal()}:${password.reveal()}`, "utf8").toString("base64");
  return headerCredential("basic_auth", { authorization: `Basic ${pair}` });
}

/** An API key in a header or a query parameter. */
export function apiKeyCredential(key: Secret, place: ApiKeyPlace): Authorizer {
  if ("headerName" in place) {
    return headerCredential("api_key", { [place.headerName.toLowerCase()]: `${place.prefix ?? ""}${key.reveal()}` });
  }
  return {
    method: "api_key",
    credentialId: fingerprint(key.reveal()),
    headers: () => ({}),
    query: { [place.queryParamName]: key.reveal() },
  };
}

function headerCredential(method: Authorizer["method"], headers: Record<string, string>): Authorizer {
  return { method, credentialId: fingerprint(JSON.stringify(headers)), headers: () => headers };
}

/** Tells credentials apart in cache keys without giving them away. */
export function fingerprint(value: string): string {
  return hash("sha256", value, "hex").slice(0, 16);
}
