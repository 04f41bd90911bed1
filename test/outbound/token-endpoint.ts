/** A token endpoint that counts, and whose refresh tokens can be used once: a second use is remembered and refused. */
import { startUpstream, type Answer, type Upstream } from "../support/upstream.ts";

export interface TokenEndpoint extends AsyncDisposable {
  readonly url: string;
  /** Token requests so far. */
  count(): number;
  /** Refresh tokens that were sent although they had been used before. */
  readonly usedTwice: readonly string[];
  /** What it answers instead of a token, until it is taken away again. */
  failure: Answer | undefined;
  /** What it waits for before it answers. */
  before: () => Promise<unknown>;
}

/**
 * Gives `access-1`, `access-2` and so on, and for `refresh-1` the next refresh token.
 *
 * @param expiresIn life of the tokens, seconds
 */
export async function startTokenEndpoint(expiresIn = 3600): Promise<TokenEndpoint> {
  let given = 0;
  let refresh = 1;
  const usedTwice: string[] = [];
  const upstream: Upstream = await startUpstream(async ({ body }) => {
    await endpoint.before();
    if (endpoint.failure) return endpoint.failure;
    given += 1;
    const answer = { access_token: `access-${given}`, token_type: "Bearer", expires_in: expiresIn };
    const used = new URLSearchParams(body).get("refresh_token");
    if (used === null) return { json: answer };
    if (used !== `refresh-${refresh}`) {
      usedTwice.push(used);
      return { status: 400, json: { error: "invalid_grant" } };
    }
    refresh += 1;
    return { json: { ...answer, refresh_token: `refresh-${refresh}` } };
  });
  const endpoint: TokenEndpoint = {
    url: `${upstream.url}/token`,
    count: () => upstream.requests.length,
    usedTwice,
    failure: undefined,
    before: async () => {},
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
  return endpoint;
}
