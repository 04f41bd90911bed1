/** Checks a whole configuration document and brings it to settings, or names every fault in it. */
import { isIPv4 } from "node:net";
import type { FaultAt } from "./fault.ts";
import { checkAgainst } from "./check-against.ts";
import { checkServer, type Connectors } from "./check-server.ts";
import { gatewayDocument, toGatewaySettings } from "./gateway-document.ts";
import { nearestNames } from "../errors/nearest-names.ts";
import { isObject } from "../is-object.ts";
import type { GatewaySettings, ServerSettings } from "./settings.ts";

export type CheckedDocument =
  | { readonly ok: true; readonly servers: readonly ServerSettings[]; readonly gateway: GatewaySettings }
  | { readonly ok: false; readonly faults: readonly FaultAt[] };

/**
 * @param document plain data: an object with `servers` and perhaps `gateway`, or a bare array of servers
 * @param host address to listen on that wins over the document's
 */
export function checkDocument(document: unknown, connectors: Connectors, host?: string): CheckedDocument {
  if (Array.isArray(document)) return checkParts({ servers: document }, [], connectors, host);
  if (isObject(document)) return checkParts(document, ["servers"], connectors, host);
  return {
    ok: false,
    faults: [{ path: [], problem: "is not a configuration", expected: "servers: [...] and optionally gateway: {...}" }],
  };
}

function checkParts(
  document: Record<string, unknown>,
  at: readonly string[],
  connectors: Connectors,
  host: string | undefined,
): CheckedDocument {
  // `$schema` is how a JSON file tells its editor where the published schema is.
  const { servers: entries, gateway = {}, $schema: _, ...unknown } = document;
  const faults: FaultAt[] = Object.keys(unknown).map((key) => ({
    path: [key],
    problem: "is not a known key",
    expected: nearestNames(key, ["servers", "gateway"], 1)[0] ?? "servers and gateway",
  }));
  const servers: ServerSettings[] = [];
  if (Array.isArray(entries)) {
    for (const [index, entry] of entries.entries()) {
      const checked = checkServer(entry, [...at, index], connectors);
      faults.push(...checked.faults);
      if (checked.settings) servers.push(checked.settings);
    }
    faults.push(...duplicates(entries, "id", at));
  } else {
    const problem = entries === undefined ? "is required" : entries === null ? "is empty" : "is not a list";
    faults.push({ path: ["servers"], problem, expected: "a list of servers" });
  }
  const checked = checkAgainst(gatewayDocument, gateway, ["gateway"]);
  if ("faults" in checked) faults.push(...checked.faults);
  faults.push(...gatewayFaults(gateway, host));
  if (faults.length > 0 || "faults" in checked) return { ok: false, faults };
  return {
    ok: true,
    servers,
    gateway: toGatewaySettings(host === undefined ? checked.value : { ...checked.value, host }),
  };
}

/** What no single key can show: names that meet, keys that exclude each other. Reads the data as it is written. */
function gatewayFaults(gateway: unknown, givenHost: string | undefined): FaultAt[] {
  if (!isObject(gateway) || !isObject(gateway.auth)) return [];
  const { auth } = gateway;
  const host = givenHost ?? gateway.host ?? "127.0.0.1";
  const faults = [
    ...duplicates(auth.api_keys, "id", ["gateway", "auth", "api_keys"]),
    ...duplicates(auth.service_accounts, "client_id", ["gateway", "auth", "service_accounts"]),
  ];
  if (auth.anonymous === true && !(typeof host === "string" && isLoopback(host))) {
    faults.push({
      path: ["gateway", "auth", "anonymous"],
      problem: "lets everybody in on an address that others can reach",
      expected: "host 127.0.0.1, ::1 or localhost, or anonymous: false",
    });
  }
  for (const [index, entry] of (Array.isArray(auth.jwt) ? auth.jwt : []).entries()) {
    if (isObject(entry)) faults.push(...jwtFaults(entry, ["gateway", "auth", "jwt", index]));
  }
  return faults;
}

function jwtFaults(entry: Record<string, unknown>, path: readonly (string | number)[]): FaultAt[] {
  const { jwks_url: keySet, secret_ref: secret, algorithms } = entry;
  if ((keySet === undefined) === (secret === undefined)) {
    return [
      { path, problem: keySet === undefined ? "has no key" : "has two keys", expected: "jwks_url or secret_ref" },
    ];
  }
  const isShared = secret !== undefined;
  // A key set's public key must never be taken for a shared secret (RFC 8725 section 2.1), nor the other way round.
  if (Array.isArray(algorithms) && algorithms.some((name) => (name === "HS256") !== isShared)) {
    const expected = isShared ? "HS256 only, with secret_ref" : "no HS256 with jwks_url";
    return [{ path: [...path, "algorithms"], problem: "do not fit the key", expected }];
  }
  return [];
}

/** Whether only this machine can reach the address: 127.0.0.0/8, ::1, localhost. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|\[::1\])$/i.test(host) || (isIPv4(host) && host.startsWith("127."));
}

function duplicates(entries: unknown, key: string, at: readonly (string | number)[]): FaultAt[] {
  if (!Array.isArray(entries)) return [];
  const seen = new Set<unknown>();
  const faults: FaultAt[] = [];
  for (const [index, entry] of entries.entries()) {
    const value: unknown = isObject(entry) ? entry[key] : undefined;
    if (typeof value !== "string") continue;
    if (seen.has(value)) {
      faults.push({
        path: [...at, index, key],
        problem: `'${value.slice(0, 64)}' is given twice`,
        expected: `another ${key}`,
      });
    }
    seen.add(value);
  }
  return faults;
}
