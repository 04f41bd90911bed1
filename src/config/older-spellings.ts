/** Brings the two older spellings of a server, `enabled` and `auth_details`, to the present one. */
import type { FaultAt } from "./fault.ts";
import { isObject } from "../is-object.ts";

/** Older field of `auth_details` → field of `authentication`. */
export const OLDER_AUTHENTICATION_FIELDS: Readonly<Record<string, string>> = {
  token_secret_name: "tokenRef",
  username_secret_name: "usernameRef",
  password_secret_name: "passwordRef",
  api_key_secret_name: "apiKeyRef",
  header_name: "headerName",
  query_param_name: "queryParamName",
  token_url: "tokenUrl",
  client_id_secret_name: "clientIdRef",
  client_secret_secret_name: "clientSecretRef",
  refresh_token_secret_name: "refreshTokenRef",
  access_token_secret_name: "accessTokenRef",
};

export interface Respelled {
  readonly server: Readonly<Record<string, unknown>>;
  /** Present path inside the server → path as it is written. */
  readonly written: (path: readonly (string | number)[]) => readonly (string | number)[];
  /** A setting given in both spellings. */
  readonly faults: readonly FaultAt[];
}

/** @param server one entry of `servers`, unchecked */
export function respell(server: Readonly<Record<string, unknown>>): Respelled {
  const { enabled, auth_details: details, ...rest } = server;
  const present: Record<string, unknown> = rest;
  const faults: FaultAt[] = [];
  const older = new Map<string, string>();
  const take = (name: string, olderName: string, value: unknown) => {
    if (!Object.hasOwn(server, olderName)) return;
    if (Object.hasOwn(server, name))
      faults.push({
        path: [olderName],
        problem: `is the older spelling of ${name}, which is given too`,
        expected: "one of them",
      });
    else {
      present[name] = value;
      older.set(name, olderName);
    }
  };
  take("isEnabled", "enabled", enabled);
  const fields = isObject(details) ? respellFields(details) : undefined;
  take("authentication", "auth_details", fields?.authentication ?? details);
  return {
    server: present,
    faults,
    written: ([first, second, ...rest]) => {
      if (first === undefined) return [];
      const name = older.get(String(first)) ?? first;
      if (second === undefined) return [name];
      return [name, (name === "auth_details" && fields?.olderNames.get(String(second))) || second, ...rest];
    },
  };
}

function respellFields(details: Readonly<Record<string, unknown>>) {
  const authentication: Record<string, unknown> = {};
  const olderNames = new Map<string, string>(
    Object.entries(OLDER_AUTHENTICATION_FIELDS).map(([from, to]) => [to, from]),
  );
  for (const [key, value] of Object.entries(details)) {
    const name = Object.hasOwn(OLDER_AUTHENTICATION_FIELDS, key) ? OLDER_AUTHENTICATION_FIELDS[key]! : key;
    if (name === key) olderNames.delete(key);
    authentication[name] = value;
  }
  return { authentication, olderNames };
}
