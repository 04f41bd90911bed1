/** A folder of its own for one test, in which configurations are written and loaded. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatFaults } from "../../src/config/fault.ts";
import { loadSettings, type LoadedSettings } from "../../src/config/load-settings.ts";
import type { Settings } from "../../src/config/settings.ts";
import type { Connector } from "../../src/connector/connector.ts";
import { defineConnector } from "../../src/connector/define-connector.ts";
import { z } from "zod";

export const jira: Connector = defineConnector({
  type: "jira",
  title: "Jira",
  summary: "Issues.",
  config: z.object({
    instanceUrl: z.url().optional(),
    apiVersion: z.string().default("3"),
    cloudId: z.string().optional(),
  }),
  authentication: ["basic_auth", "oauth2", "bearer_token"],
}).connect([]);

export const mcp: Connector = defineConnector({
  type: "mcp",
  title: "MCP",
  summary: "A server that speaks MCP.",
  config: z.object({
    command: z.string().optional(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    url: z.string().optional(),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  authentication: ["none", "bearer_token"],
}).connect([]);

export const search: Connector = defineConnector({
  type: "web_search",
  title: "Web search",
  summary: "Searches the web.",
  config: z.object({ provider: z.enum(["brave", "tavily", "searxng", "google"]) }),
  authentication: ["api_key", "none"],
  apiKeyPlace: () => ({ headerName: "x-subscription-token" }),
}).connect([]);

export const connectors = new Map([jira, mcp, search].map((connector) => [connector.type, connector]));

export interface ConfigFolder extends AsyncDisposable {
  readonly folder: string;
  write(name: string, text: string | Uint8Array): Promise<string>;
  load(options?: {
    host?: string;
    file?: string;
    env?: NodeJS.ProcessEnv;
    demo?: () => { document: unknown; folder: string };
  }): Promise<LoadedSettings>;
  /** Writes `toolgraph.yaml`, loads it and returns its settings; its faults fail the test. */
  settings(text: string): Promise<Settings>;
  /** Writes `toolgraph.yaml`, loads it and returns its faults, one line each. */
  faults(text: string | Uint8Array): Promise<string[]>;
}

export async function configFolder(): Promise<ConfigFolder> {
  const folder = await mkdtemp(join(tmpdir(), "toolgraph-config-"));
  const write: ConfigFolder["write"] = async (name, text) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const load: ConfigFolder["load"] = (options = {}) =>
    loadSettings({ env: {}, cwd: folder, connectors, demo: () => ({ document: [], folder: "/demo" }), ...options });
  return {
    folder,
    write,
    load,
    async settings(text) {
      await write("toolgraph.yaml", text);
      const loaded = await load();
      if (!loaded.ok) throw new Error(formatFaults(loaded.faults));
      return loaded.settings;
    },
    async faults(text) {
      await write("toolgraph.yaml", text);
      const loaded = await load();
      if (loaded.ok) throw new Error("the configuration was expected to have faults");
      return formatFaults(loaded.faults).split("\n");
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
