/** What two reads must have in common before their inputs are compared: server, tool, its definition and the credential. */
import { hash } from "node:crypto";
import type { Tool } from "../connector/tool.ts";
import type { ServerEntry } from "../registry/server-entry.ts";
import { VERSION } from "../version.ts";
import type { Flight } from "./flight.ts";

/** One for each tool of a server, as long as nothing about them changes. */
export interface ReadScope {
  /** Changes with whatever could change the answer to the same input: configuration, credential, tool, gateway version. */
  readonly text: string;
  /** Reads that run at the moment, by what they ask. */
  readonly flights: Map<string, Flight>;
}

const scopes = new WeakMap<ServerEntry, Map<Tool, ReadScope>>();

export function readScope(server: ServerEntry, tool: Tool): ReadScope {
  let ofServer = scopes.get(server);
  if (!ofServer) scopes.set(server, (ofServer = new Map()));
  let scope = ofServer.get(tool);
  if (!scope) ofServer.set(tool, (scope = { text: textOf(server, tool), flights: new Map() }));
  return scope;
}

function textOf({ id, type, settings, runtime }: ServerEntry, tool: Tool): string {
  const { baseUrl, config, customParameters } = settings;
  const { name, effect, description, inputSchema, outputSchema } = tool;
  const definition = JSON.stringify([
    [VERSION, type, baseUrl, config, customParameters, runtime.credentialId],
    [effect, description, inputSchema, outputSchema],
  ]);
  return `${JSON.stringify([id, name, hash("sha256", definition, "base64url")])}\n`;
}
