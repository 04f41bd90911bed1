/** An identity provider with real keys and a real key-set endpoint, on loopback. */
import { OAuth2Server, type JwtTransform } from "oauth2-mock-server";
import type { AuthSettings } from "../../src/config/settings.ts";

export interface TokenServer extends AsyncDisposable {
  readonly server: OAuth2Server;
  /** A `gateway.auth.jwt` entry that trusts it. */
  readonly settings: AuthSettings["jwt"][number];
  /** A token for `user-1` with the role `agent`, unless `change` says otherwise. */
  token(change?: JwtTransform, options?: { kid?: string; expiresIn?: number }): Promise<string>;
}

export async function startTokenServer(algorithm = "RS256"): Promise<TokenServer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate(algorithm, { kid: "first" });
  await server.start(0, "127.0.0.1");
  const { port } = server.address();
  const issuer = server.issuer.url ?? "";
  return {
    server,
    settings: {
      issuer,
      audience: "toolgraph",
      jwksUrl: `http://127.0.0.1:${port}/jwks`,
      algorithms: [algorithm],
      rolesClaim: "roles",
    },
    token: (change, options) =>
      server.issuer.buildToken({
        ...options,
        scopesOrTransform(header, payload) {
          Object.assign(payload, { sub: "user-1", aud: "toolgraph", roles: ["agent"] });
          change?.(header, payload);
        },
      }),
    async [Symbol.asyncDispose]() {
      if (server.listening) await server.stop();
    },
  };
}
