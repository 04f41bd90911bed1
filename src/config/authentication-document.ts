/** `authentication` of a server as it is written: one closed form for each method. */
import { z } from "zod";
import { headerName, httpUrl, nonEmpty, secretRef } from "./field-schemas.ts";

const scopes = z.array(nonEmpty).exactOptional().describe("Scopes to ask for.");
const client = {
  tokenUrl: httpUrl.describe("Token endpoint."),
  clientIdRef: secretRef.describe("Secret that holds the client id."),
  clientSecretRef: secretRef.describe("Secret that holds the client secret."),
  scopes,
};
const tokenRef = secretRef.describe("Secret that holds the token.");

export const authenticationMethods = {
  none: z.strictObject({ method: z.literal("none") }),
  bearer_token: z.strictObject({ method: z.literal("bearer_token"), tokenRef }),
  pat: z.strictObject({ method: z.literal("pat"), tokenRef }),
  basic_auth: z.strictObject({
    method: z.literal("basic_auth"),
    usernameRef: secretRef.describe("Secret that holds the user name."),
    passwordRef: secretRef.describe("Secret that holds the password or API token."),
  }),
  api_key: z.strictObject({
    method: z.literal("api_key"),
    apiKeyRef: secretRef.describe("Secret that holds the key."),
    headerName: headerName.exactOptional().describe("Header that carries the key."),
    queryParamName: nonEmpty.exactOptional().describe("Query parameter that carries the key, instead of a header."),
  }),
  oauth2_client_credentials: z.strictObject({ method: z.literal("oauth2_client_credentials"), ...client }),
  oauth2: z.strictObject({
    method: z.literal("oauth2"),
    ...client,
    refreshTokenRef: secretRef.describe("Secret that holds the refresh token."),
    accessTokenRef: secretRef.exactOptional().describe("Secret that holds an access token to start with."),
  }),
};

/** Checks `authentication`; which methods a server type takes is its connector's to say. */
export const authenticationDocument = z.discriminatedUnion("method", [
  authenticationMethods.none,
  authenticationMethods.bearer_token,
  authenticationMethods.pat,
  authenticationMethods.basic_auth,
  authenticationMethods.api_key,
  authenticationMethods.oauth2_client_credentials,
  authenticationMethods.oauth2,
]);
