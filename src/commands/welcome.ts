/** What a newcomer sees: the address, a command to paste, and GraphiQL's link. */
import type { Secret } from "../secrets/secret.ts";
import type { Settings } from "../config/settings.ts";

/** Shown on the terminal only, never logged: it holds the developer token, which ends with the process. */
export function welcome(url: string, token: Secret, settings: Settings): string {
  const key = token.reveal();
  const isDemo = settings.source.isDemo;
  const query = isDemo
    ? '{ files { listDirectory(path: \\".\\") { raw } } }'
    : "{ servers { id type status toolCount } }";
  return `
  Toolgraph ${isDemo ? "demo" : settings.source.file}
  ${settings.servers.map((server) => server.id).join(", ")}

  Address    ${url}
  GraphiQL   ${url}/graphql#token=${key}
  Try it     curl -s ${url}/graphql -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"query":"${query}"}'

  The developer token is valid until this process ends. Stop with Ctrl-C.

`;
}
