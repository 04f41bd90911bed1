/** Checks one entry of `servers`: its keys, and what its connector asks of it. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Connector } from "../connector/connector.ts";
import { authenticationMethods } from "./authentication-document.ts";
import type { FaultAt } from "./fault.ts";
import { checkAgainst } from "./check-against.ts";
import { nearestNames } from "../errors/nearest-names.ts";
import { isObject } from "../is-object.ts";
import { respell } from "./older-spellings.ts";
import { replaceRefs } from "./resolve-refs.ts";
import { serverDocument, toServerSettings } from "./server-document.ts";
import type { ServerSettings } from "./settings.ts";

/** Types a server may be of, whether or not this build has a connector for each. */
export const SERVER_TYPES = [
  "slack",
  "jira",
  "web_search",
  "asana",
  "salesforce",
  "custom_api",
  "openapi",
  "graphql",
  "mcp",
] as const;

export type Connectors = ReadonlyMap<string, Connector>;

type Path = readonly (string | number)[];

/** @param at where the entry stands in the document, for example `["servers", 2]` */
export function checkServer(
  entry: unknown,
  at: Path,
  connectors: Connectors,
): { readonly settings?: ServerSettings; readonly faults: readonly FaultAt[] } {
  if (!isObject(entry))
    return { faults: [{ path: at, problem: "is not a server", expected: "a mapping with id and type" }] };
  const { server, written, faults: spellingFaults } = respell(entry);
  const keys = checkAgainst(serverDocument, server, []);
  const connector = typeof server.type === "string" ? connectors.get(server.type) : undefined;
  // Checked even when the keys have faults of their own, so that an operator sees everything at once.
  const own = connector ? checkConfig(connector, server.server_specific_config) : undefined;
  const faults = [
    ...spellingFaults,
    ...("faults" in keys ? keys.faults : []),
    ...typeFaults(server.type, connectors),
    ...(own && "faults" in own ? own.faults : []),
    ...authenticationFaults(server.authentication, connector, own && "config" in own ? own.config : undefined),
  ].map((fault) => ({ ...fault, path: [...at, ...written(fault.path)] }));
  if (faults.length > 0 || "faults" in keys) return { faults };
  return {
    settings: toServerSettings(keys.value, own && "config" in own ? own.config : keys.value.server_specific_config),
    faults,
  };
}

function typeFaults(type: unknown, connectors: Connectors): FaultAt[] {
  const known = [...new Set([...SERVER_TYPES, ...connectors.keys()])];
  if (typeof type !== "string" || type.trim() === "" || known.includes(type)) return [];
  const [meant] = nearestNames(type, known, 1);
  const expected = `one of ${known.join(", ")}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`;
  return [{ path: ["type"], problem: "is not a known server type", expected }];
}

/** The connector's own schema decides; each `{ ref }` stands for a string whose value is not known yet, and is kept. */
function checkConfig(
  connector: Connector,
  config: unknown = {},
): { readonly config: unknown } | { readonly faults: readonly FaultAt[] } {
  // What is no mapping at all is already a fault of the entry's keys.
  if (!isObject(config)) return { faults: [] };
  const run = randomUUID();
  const references = new Map<string, string>();
  const withPlaceholders = replaceRefs(config, (reference) => {
    const placeholder = `ref-${run}-${references.size}`;
    references.set(placeholder, reference);
    return placeholder;
  });
  const checked = checkAgainst(closed(connector.config), withPlaceholders, ["server_specific_config"]);
  if ("faults" in checked) return checked;
  return { config: references.size === 0 ? checked.value : restoreRefs(checked.value, references) };
}

function restoreRefs(value: unknown, references: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return references.has(value) ? { ref: references.get(value) } : value;
  if (Array.isArray(value)) return value.map((item) => restoreRefs(item, references));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restoreRefs(item, references)]));
}

/** A connector's plain object schema would drop unknown keys in silence; here they are faults. */
export function closed(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

function authenticationFaults(authentication: unknown, connector: Connector | undefined, config: unknown): FaultAt[] {
  // What is no mapping is already a fault of the entry's keys.
  if (authentication !== undefined && !isObject(authentication)) return [];
  const faults: FaultAt[] = [];
  const given = authentication ?? { method: "none" };
  const { method, headerName, queryParamName } = given;
  if (method === "api_key") {
    const path = ["authentication"];
    if (headerName !== undefined && queryParamName !== undefined) {
      faults.push({
        path,
        problem: "names both a header and a query parameter",
        expected: "headerName or queryParamName",
      });
    }
    const place = headerName ?? queryParamName ?? (config !== undefined ? connector?.apiKeyPlace?.(config) : undefined);
    if (place === undefined && !connector?.apiKeyPlace) {
      faults.push({ path, problem: "does not say where the key goes", expected: "headerName or queryParamName" });
    }
  }
  const methods = connector?.authentication as readonly string[] | undefined;
  const isKnown = typeof method === "string" && Object.hasOwn(authenticationMethods, method);
  if (methods && isKnown && !methods.includes(method)) {
    const expected = `one of ${methods.join(", ")}`;
    faults.push(
      authentication === undefined
        ? { path: ["authentication"], problem: "is required", expected: `a method, ${expected}` }
        : {
            path: ["authentication", "method"],
            problem: `is not one that a ${connector!.type} server takes`,
            expected,
          },
    );
  }
  return faults;
}
