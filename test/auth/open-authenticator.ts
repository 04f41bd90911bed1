/** Makes an authenticator from a map of secrets, and asks it who sends a request with the given headers. */
import { pino } from "pino";
import { createAuthenticator, type Authenticator, type AuthenticatorOptions } from "../../src/auth/authenticator.ts";
import type { Caller } from "../../src/auth/caller.ts";
import type { AuthSettings } from "../../src/config/settings.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { Secret } from "../../src/secrets/secret.ts";

export interface OpenedAuthenticator {
  readonly authenticator: Authenticator;
  /** What was logged, a parsed line each. */
  readonly logged: Record<string, unknown>[];
  readonly who: (headers: Record<string, string>) => Promise<Caller>;
  readonly bearer: (token: string) => Promise<Caller>;
  /** The refusal of a request that must be refused. */
  readonly refusal: (headers: Record<string, string>) => Promise<CatalogueError>;
}

export async function openAuthenticator(
  settings: Partial<AuthSettings>,
  secrets: Record<string, string> = {},
  options: Partial<AuthenticatorOptions> = {},
): Promise<OpenedAuthenticator> {
  const logged: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) });
  const authenticator = await createAuthenticator({
    settings: { apiKeys: [], jwt: [], serviceAccounts: [], anonymous: false, ...settings },
    async resolveSecret(reference) {
      const value = secrets[reference];
      if (value === undefined) throw new Error(`${reference} is not set`);
      return new Secret(value);
    },
    log,
    ...options,
  });
  const who = async (headers: Record<string, string>) => authenticator.authenticate(reader(headers));
  return {
    authenticator,
    logged,
    who,
    bearer: (token) => who({ authorization: `Bearer ${token}` }),
    async refusal(headers) {
      const outcome = await who(headers).catch((error: unknown) => error);
      if (outcome instanceof CatalogueError) return outcome;
      throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`, { cause: outcome });
    },
  };
}

/** Unlike `Headers` this lets values through that no HTTP parser would, to see that nothing relies on the parser. */
export function reader(headers: Record<string, string>) {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { header: (name: string) => lower.get(name) };
}
