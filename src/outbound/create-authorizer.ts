/** Makes the authorizer of one configured server from its `authentication` settings and the secrets they name. */
import type { ApiKeyPlace, Authorizer, Connector } from "../connector/connector.ts";
import type { AuthenticationSettings, ServerSettings } from "../config/settings.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { SecretResolver } from "../secrets/create-secret-resolver.ts";
import type { Secret } from "../secrets/secret.ts";
import type { SharedTokens } from "../state/shared-tokens.ts";
import { apiKeyCredential, basicCredential, bearerCredential, noCredential } from "./authorizer.ts";
import { OAuthCredential } from "./oauth-credential.ts";

/** RFC 9110 section 5.5: what a field value may hold, read as ISO 8859-1 as the HTTP client sends it. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Resolves the secrets at once, so that a server with a missing one is known to be unusable before any call.
 * Throws `CONFIGURATION_ERROR`. No token is fetched here: OAuth credentials fetch theirs with the first call.
 *
 * @example
 * const authorizer = await createAuthorizer({ server, connector, secrets, tokens });
 * await authorizer.headers(); // { authorization: "Bearer …" }
 */
export async function createAuthorizer(options: {
  readonly server: ServerSettings;
  readonly connector: Pick<Connector, "apiKeyPlace">;
  readonly secrets: SecretResolver;
  /** Where OAuth tokens are shared with other servers of the same credential, and other replicas. */
  readonly tokens: SharedTokens;
}): Promise<Authorizer> {
  const { server, connector, secrets, tokens } = options;
  const { authentication } = server;
  const secretOf = (field: keyof AuthenticationSettings & `${string}Ref`): Promise<Secret> => {
    const reference = authentication[field];
    if (reference === undefined) throw incomplete(authentication.method, field);
    return secrets.resolve(reference);
  };

  switch (authentication.method) {
    case "none":
      return noCredential;
    case "bearer_token":
    case "pat":
      return bearerCredential(sendable(await secretOf("tokenRef"), "tokenRef"), authentication.method);
    case "basic_auth": {
      const username = await secretOf("usernameRef");
      // RFC 7617 section 2: the first colon ends the user name.
      if (username.reveal().includes(":")) throw unsendable("usernameRef", "holds a colon");
      return basicCredential(username, await secretOf("passwordRef"));
    }
    case "api_key": {
      const key = await secretOf("apiKeyRef");
      const place = apiKeyPlaceOf(authentication, connector.apiKeyPlace?.(server.config));
      if (!("headerName" in place)) return apiKeyCredential(key, place);
      // The key may be kept with the prefix that the connector would put before it.
      const isComplete = place.prefix !== undefined && key.reveal().startsWith(place.prefix);
      return apiKeyCredential(sendable(key, "apiKeyRef"), isComplete ? { headerName: place.headerName } : place);
    }
    default: {
      const { method, tokenUrl, scopes = [], accessTokenRef } = authentication;
      if (tokenUrl === undefined) throw incomplete(method, "tokenUrl");
      return new OAuthCredential({
        method,
        tokenUrl,
        scopes,
        timeoutMs: server.timeoutMs,
        tokens,
        clientId: await secretOf("clientIdRef"),
        clientSecret: await secretOf("clientSecretRef"),
        ...(method === "oauth2" && { refreshToken: await secretOf("refreshTokenRef") }),
        ...(accessTokenRef !== undefined && {
          accessToken: sendable(await secrets.resolve(accessTokenRef), "accessTokenRef"),
        }),
      });
    }
  }
}

/** The configuration decides; what it leaves open (the prefix, or the whole place) is the connector's. */
function apiKeyPlaceOf(authentication: AuthenticationSettings, own: ApiKeyPlace | undefined): ApiKeyPlace {
  const { headerName, queryParamName } = authentication;
  if (queryParamName !== undefined) return { queryParamName };
  if (headerName !== undefined) {
    const isOwn = own !== undefined && "headerName" in own && own.headerName.toLowerCase() === headerName.toLowerCase();
    return isOwn ? own : { headerName };
  }
  if (own === undefined) throw incomplete("api_key", "headerName or queryParamName");
  return own;
}

function sendable(secret: Secret, field: string): Secret {
  if (!FIELD_VALUE.test(secret.reveal())) throw unsendable(field, "holds a line break or a character outside Latin-1");
  return secret;
}

function unsendable(field: string, problem: string): CatalogueError {
  return new CatalogueError("CONFIGURATION_ERROR", `The secret of ${field} ${problem}, so it cannot be sent.`, {
    acted: "no",
    suggestion: "An operator should store the secret again, without a line break or other characters around it.",
  });
}

function incomplete(method: string, field: string): CatalogueError {
  return new CatalogueError("CONFIGURATION_ERROR", `The authentication method ${method} needs ${field}.`, {
    acted: "no",
  });
}
