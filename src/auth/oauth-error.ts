/** The errors of the token route, in the shape that OAuth clients read (RFC 6749 section 5.2). */

export type OAuthErrorCode = "invalid_request" | "invalid_client" | "unsupported_grant_type";

/**
 * Not a catalogue error: the grammar of this one route is OAuth's. The door sends {@link OAuthError.body} with
 * {@link OAuthError.status} and {@link OAuthError.headers}.
 *
 * @example
 * new OAuthError("invalid_client", "…").body; // { error: "invalid_client", error_description: "…" }
 */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string) {
    super(description);
    this.code = code;
  }

  /** 401 for a client that is not who it says, 400 for the rest. */
  get status(): 400 | 401 {
    return this.code === "invalid_client" ? 401 : 400;
  }

  get body(): { error: OAuthErrorCode; error_description: string } {
    return { error: this.code, error_description: this.message };
  }

  /** Not to be cached, as section 5.1 asks; a 401 has to name a scheme, and Basic is the one every client knows. */
  get headers(): Record<string, string> {
    return {
      "cache-control": "no-store",
      pragma: "no-cache",
      ...(this.status === 401 && { "www-authenticate": 'Basic realm="toolgraph", charset="UTF-8"' }),
    };
  }
}
