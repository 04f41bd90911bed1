/** Who sends a request, as every part after authentication knows them. */

export interface Caller {
  /** Stable id: API key id, token subject, service account, `anonymous`. */
  readonly id: string;
  readonly roles: readonly string[];
  readonly method: "api_key" | "jwt" | "authjs" | "service_account" | "developer_token" | "anonymous";
  /** Milliseconds since 1970 after which the credential is no longer valid. */
  readonly expiresAt?: number;
  /** Who issued the token, where several may use the same subject. */
  readonly issuer?: string;
}

/** The role of those who run the gateway: they may read metrics and reset circuits, which no policy gives to anybody else. */
export const OPERATOR_ROLE = "operator";

/**
 * Tells callers apart wherever something is kept per caller (limits, idempotency records, cached results): an id alone
 * does not, since an issuer may name a subject as an API key or another issuer's subject is named.
 *
 * @example
 * callerKey({ id: "agent-1", roles: [], method: "api_key" }); // '["api_key","","agent-1"]'
 */
export function callerKey(caller: Caller): string {
  let key = keys.get(caller);
  if (key === undefined) {
    const { method, issuer = "", id } = caller;
    keys.set(caller, (key = JSON.stringify([method, issuer, id])));
  }
  return key;
}

/** A verified credential is remembered with its caller, who is then asked for the key many times a call. */
const keys = new WeakMap<Caller, string>();
