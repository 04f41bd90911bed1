/** Reads a client-credentials request: the grant, and who the client says it is (RFC 6749 sections 2.3.1 and 4.4). */
import { OAuthError } from "./oauth-error.ts";

export interface TokenRequest {
  /** The decoded `application/x-www-form-urlencoded` body. */
  readonly form: URLSearchParams;
  /** The `Authorization` header, where the client uses HTTP Basic. */
  readonly authorization?: string | null | undefined;
}

/** What the client sent; more than one reading where clients differ in how they encode. */
export type ClientCredentials = readonly { readonly id: string; readonly secret: string }[];

const SPOKEN = ["grant_type", "client_id", "client_secret", "scope"];

/** @throws OAuthError `invalid_request`, `unsupported_grant_type` or `invalid_client` */
export function readClientCredentials({ form, authorization }: TokenRequest): ClientCredentials {
  const repeated = SPOKEN.find((name) => form.getAll(name).length > 1);
  if (repeated) throw new OAuthError("invalid_request", `Send ${repeated} once.`);
  const grant = form.get("grant_type");
  if (!grant) throw new OAuthError("invalid_request", "Send grant_type=client_credentials as a form field.");
  if (grant !== "client_credentials") {
    throw new OAuthError("unsupported_grant_type", "Only grant_type=client_credentials is offered here.");
  }
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  if (authorization) {
    if (secret !== null) {
      throw new OAuthError("invalid_request", "Send the client's secret once: by HTTP Basic or as form fields.");
    }
    const read = readBasic(authorization);
    if (id !== null && read.every((each) => each.id !== id)) {
      throw new OAuthError("invalid_request", "client_id and HTTP Basic name different clients.");
    }
    return read;
  }
  if (!id || !secret) throw new OAuthError("invalid_client", "Send client_id and client_secret, or HTTP Basic.");
  return [{ id, secret }];
}

function readBasic(authorization: string): ClientCredentials {
  const encoded = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  const pair = encoded && Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair ? pair.indexOf(":") : -1;
  if (!pair || colon < 1) throw new OAuthError("invalid_client", "The Authorization header is not HTTP Basic.");
  const id = pair.slice(0, colon);
  const secret = pair.slice(colon + 1);
  // The specification has both parts form-encoded first; many clients send them as they are.
  const decoded = { id: formDecoded(id), secret: formDecoded(secret) };
  return decoded.id === id && decoded.secret === secret ? [decoded] : [decoded, { id, secret }];
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
