/** Where an MCP server is and how it is started or reached, read from `server_specific_config`. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { ServerContext } from "../../src/index.ts";
import type { McpConfig } from "./config.ts";

export interface ProcessTarget {
  readonly kind: "process";
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Configured values that must not show up in the log. */
  readonly secrets: readonly string[];
}

export interface HttpTarget {
  readonly kind: "http";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

export type Target = ProcessTarget | HttpTarget;

/** The target of a configured server. Children get a minimal environment: the gateway's own secrets stay with it. */
export function targetOf(server: ServerContext<McpConfig>): Target {
  const { command, args = [], env = {}, cwd = ".", url, headers = {} } = server.config;
  if (command === undefined) return { kind: "http", url: new URL(server.baseUrl ?? url!), headers };
  return {
    kind: "process",
    // The Node that runs the gateway is the one that is known to be there and new enough.
    command: command === "node" ? process.execPath : command,
    args,
    env: { ...getDefaultEnvironment(), ...env },
    cwd: resolve(server.baseFolder, cwd),
    secrets: Object.values(env).filter((value) => value.length >= 6),
  };
}

/** Identifies the target without revealing it: what was learnt about it is kept under this key. */
export function targetKey(target: Target, credentialId: string): string {
  return createHash("sha256")
    .update(JSON.stringify([target, credentialId]))
    .digest("hex");
}
