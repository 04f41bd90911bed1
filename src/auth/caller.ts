/** Who sends a request, as every part after authentication knows them. */

export interface Caller {
  /** Stable id: API key id, token subject, service account, `anonymous`. */
  readonly id: string;
  readonly roles: readonly string[];
  readonly method: "api_key" | "jwt" | "authjs" | "service_account" | "developer_token" | "anonymous";
  /** Milliseconds since 1970 after which the credential is no longer valid. */
  readonly expiresAt?: number;
}
