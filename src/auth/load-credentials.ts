/** Resolves the secrets behind `gateway.auth` and builds what verifies with them; a credential whose secret fails is off, not fatal. */
import type { AuthSettings } from "../config/settings.ts";
import type { Secret } from "../secrets/secret.ts";
import { createJwtVerifier, type JwtVerifier } from "./jwt-verifier.ts";
import { ServiceAccounts } from "./service-accounts.ts";
import { createSessionReader } from "./session-tokens.ts";
import { StaticKeys } from "./static-keys.ts";
import type { Verified } from "./verified.ts";

export interface LoadCredentialsOptions {
  readonly settings: AuthSettings;
  /** Rejects with a reason that is fit for an operator and holds no secret. */
  resolveSecret(reference: string): Promise<Secret>;
  /** Accepted as a bearer token of the caller `developer`, role `developer`. */
  readonly developerToken?: Secret | undefined;
  readonly clock: () => number;
}

export interface Credentials {
  readonly keys: StaticKeys;
  readonly serviceAccounts: ServiceAccounts;
  /** By issuer; one issuer may serve several audiences. */
  readonly jwt: ReadonlyMap<string, readonly JwtVerifier[]>;
  readonly readSession: ((token: string) => Promise<Verified>) | undefined;
  /** One sentence for each credential that is off. */
  readonly faults: readonly string[];
}

export async function loadCredentials(options: LoadCredentialsOptions): Promise<Credentials> {
  const { settings, developerToken, clock } = options;
  const faults: string[] = [];
  const off = (what: string, reason: string | undefined) =>
    void (reason && faults.push(`${what} is off: it ${reason}`));
  const resolve = async (what: string, reference: string): Promise<Secret | undefined> => {
    try {
      const secret = await options.resolveSecret(reference);
      if (secret.reveal() !== "") return secret;
      off(what, `names the secret '${reference}', which is empty`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      off(what, `names the secret '${reference}', which cannot be read (${reason})`);
    }
    return undefined;
  };

  const keys = new StaticKeys();
  if (developerToken) {
    const caller = { id: "developer", roles: ["developer"], method: "developer_token" } as const;
    off("The developer token", keys.add(developerToken.reveal(), caller));
  }
  const apiKeys = settings.apiKeys.map(async ({ id, keyRef, roles }) => {
    const what = `API key '${id}'`;
    return { what, key: await resolve(what, keyRef), caller: { id, roles, method: "api_key" } as const };
  });
  for (const { what, key, caller } of await Promise.all(apiKeys)) if (key) off(what, keys.add(key.reveal(), caller));

  const accounts = settings.serviceAccounts.map(async ({ clientId, clientSecretRef, roles }) => {
    const secret = await resolve(`Service account '${clientId}'`, clientSecretRef);
    return secret ? [{ clientId, secret, roles }] : [];
  });
  const { signingKeyRef } = settings;
  const signingKey = signingKeyRef === undefined ? undefined : await resolve("The shared signing key", signingKeyRef);
  const serviceAccounts = new ServiceAccounts((await Promise.all(accounts)).flat(), clock, signingKey);

  const jwt = new Map<string, JwtVerifier[]>([[serviceAccounts.issuer, [serviceAccounts]]]);
  const loadIssuer = async (entry: AuthSettings["jwt"][number]) => {
    const what = `JWT issuer '${entry.issuer}'`;
    const secret = entry.secretRef === undefined ? undefined : await resolve(what, entry.secretRef);
    if (entry.secretRef !== undefined && !secret) return;
    try {
      const verifier = createJwtVerifier(entry, secret, clock);
      jwt.set(entry.issuer, [...(jwt.get(entry.issuer) ?? []), verifier]);
    } catch (error) {
      off(what, `cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await Promise.all(settings.jwt.map(loadIssuer));

  const references = settings.authjs?.secretRefs ?? [];
  const secrets = await Promise.all(references.map((reference) => resolve("An Auth.js secret", reference)));
  const sessionSecrets = secrets.filter((secret) => secret !== undefined);
  const readSession = sessionSecrets.length > 0 ? await createSessionReader(sessionSecrets, clock) : undefined;
  return { keys, serviceAccounts, jwt, readSession, faults };
}
