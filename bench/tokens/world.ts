/** Everything the tasks run on: the same servers twice, once direct and once behind a gateway. */
import { createServer } from "node:http";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEmulator } from "emulate";
import { pino } from "pino";
import { connectors } from "../../connectors/index.ts";
import { compose } from "../../src/compose.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { compileInput, defineConnector, Secret, z, type Tool } from "../../src/index.ts";
import { serve } from "../../src/http/serve.ts";
import { definitionOf, directMcp, programOf, type DirectServer } from "./direct.ts";

const SHARED = process.env.TOOLGRAPH_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));
const TOKEN = "token-of-this-benchmark";
const SLACK_TOKEN = "xoxb-of-this-benchmark";

export interface World extends AsyncDisposable {
  readonly memory: DirectServer;
  readonly files: DirectServer;
  readonly everything: DirectServer;
  /** Definitions of a Jira MCP server that passes paths through, and the vendor's own answer for an issue. */
  readonly rawJira: { readonly definitions: readonly Record<string, unknown>[]; issue(key: string): unknown };
  /** Slack's own answers, from an emulator; its tools are defined as Toolgraph defines them, for want of an MCP server that runs offline. */
  readonly rawSlack: {
    readonly definitions: readonly Record<string, unknown>[];
    call(method: string, form: Record<string, string>): Promise<string>;
  };
  /** Id of a Slack channel with some messages in it. */
  readonly slackChannel: string;
  /** 527 tools of 69 servers. */
  readonly catalogue: readonly Record<string, unknown>[];
  graphql(query: string): Promise<Record<string, unknown>>;
  rest(body: Record<string, unknown>): Promise<unknown>;
  tools(query: string, limit: number): Promise<Record<string, unknown>[]>;
}

export async function createWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-tokens-"));
  const samples = join(folder, "files");
  cpSync(fileURLToPath(new URL("../../examples/sample-files", import.meta.url)), samples, { recursive: true });
  const jira = readShared("contracts/jira/jira-v3.planned.norm.json") as JiraContract;
  const example =
    jira.paths["/rest/api/3/issue/{issueIdOrKey}"].get.responses["200"].content["application/json"].example;
  const issue = (key: string) => ({
    ...example,
    key,
    fields: { ...example.fields, summary: `Issue ${key}`, status: { name: "In Progress" } },
  });
  const catalogue = (
    readShared("corpus/retrieval/catalogue.json") as { server: string; tools: Record<string, unknown>[] }[]
  ).flatMap(({ server, tools }) => tools.map((tool) => ({ ...tool, server })));
  const jiraServer = await startJira(issue);
  const [memory, files, everything] = await Promise.all([
    directMcp("@modelcontextprotocol/server-memory", [], { MEMORY_FILE_PATH: join(folder, "direct.jsonl") }),
    directMcp("@modelcontextprotocol/server-filesystem", [samples]),
    directMcp("@modelcontextprotocol/server-everything", ["stdio"]),
  ]);
  const slack = await startSlack();
  const gateway = await startGateway(folder, samples, { jira: jiraServer.url, slack: slack.url }, catalogue);
  const rawJira = (
    readShared("corpus/tools/aashari__mcp-server-atlassian-jira.json") as { tools: Record<string, unknown>[] }
  ).tools;
  return {
    memory,
    files,
    everything,
    rawJira: {
      definitions: rawJira.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
      issue,
    },
    rawSlack: slack,
    slackChannel: slack.channel,
    catalogue,
    ...gateway,
    async [Symbol.asyncDispose]() {
      await Promise.all([memory, files, everything].map((server) => server[Symbol.asyncDispose]()));
      await gateway.close();
      jiraServer.close();
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface JiraContract {
  readonly paths: {
    readonly "/rest/api/3/issue/{issueIdOrKey}": {
      readonly get: {
        readonly responses: {
          readonly "200": {
            readonly content: { readonly "application/json": { readonly example: { fields: object } } };
          };
        };
      };
    };
  };
}

function readShared(path: string): unknown {
  try {
    return JSON.parse(readFileSync(join(SHARED, path), "utf8"));
  } catch {
    throw new Error(`This benchmark needs ${path} below the folder that TOOLGRAPH_SHARED names.`);
  }
}

async function startJira(issue: (key: string) => unknown): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const keys = text === "" ? undefined : (JSON.parse(text) as { issueIdsOrKeys?: string[] }).issueIdsOrKeys;
      const one = /\/issue\/([A-Z]+-\d+)/.exec(request.url ?? "")?.[1];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(one ? issue(one) : { issues: (keys ?? []).map(issue), issueErrors: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

async function startGateway(
  folder: string,
  samples: string,
  urls: { readonly jira: string; readonly slack: string },
  catalogue: readonly Record<string, unknown>[],
) {
  const mcp = (id: string, args: string[], env?: Record<string, string>) => ({
    id,
    type: "mcp",
    server_specific_config: { command: "node", args, ...(env && { env }) },
  });
  const known = new Map([...connectors, ["custom_api", catalogueConnector(catalogue)]]);
  const checked = checkDocument(
    {
      servers: [
        mcp("memory", [programOf("@modelcontextprotocol/server-memory")], {
          MEMORY_FILE_PATH: join(folder, "gateway.jsonl"),
        }),
        mcp("files", [programOf("@modelcontextprotocol/server-filesystem"), samples]),
        mcp("everything", [programOf("@modelcontextprotocol/server-everything"), "stdio"]),
        {
          id: "jira",
          type: "jira",
          server_specific_config: { instanceUrl: urls.jira },
          authentication: { method: "bearer_token", tokenRef: "JIRA" },
        },
        {
          id: "slack",
          type: "slack",
          base_url: `${urls.slack}/api`,
          authentication: { method: "bearer_token", tokenRef: "SLACK" },
        },
        { id: "catalogue", type: "custom_api" },
      ],
    },
    known,
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  const log = pino({ level: "silent" });
  const composed = compose({
    log,
    env: { JIRA: "token", SLACK: SLACK_TOKEN },
    connectors: known,
    host: "127.0.0.1",
    developerToken: new Secret(TOKEN),
  });
  await composed.registry.apply({
    servers: checked.servers,
    gateway: checked.gateway,
    source: { file: "bench", folder, isDemo: false },
  });
  const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const send = async (path: string, body?: unknown) => {
    const answer = await fetch(listening.url + path, {
      headers,
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
    const parsed = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok || parsed.errors !== undefined) throw new Error(JSON.stringify(parsed).slice(0, 500));
    return parsed;
  };
  return {
    graphql: (query: string) => send("/graphql", { query }),
    rest: async (body: Record<string, unknown>) => (await send("/api/v1/mcp/chat", body)).tool_output,
    tools: async (query: string, limit: number) => {
      const found = await send(`/api/v1/mcp/tools?query=${encodeURIComponent(query)}&limit=${limit}`);
      return found.tools as Record<string, unknown>[];
    },
    close: async () => {
      await listening.close(100);
      await composed.registry.close();
    },
  };
}

async function startSlack(): Promise<World["rawSlack"] & { url: string; channel: string; close(): Promise<void> }> {
  const seed = {
    slack: {
      team: { name: "Lab", domain: "lab" },
      users: [{ name: "developer", real_name: "Dev Eloper", email: "dev@example.com" }],
      channels: [{ name: "general", topic: "General" }],
      tokens: [
        {
          token: SLACK_TOKEN,
          user: "developer",
          scopes: ["chat:write", "channels:read", "channels:history", "users:read"],
        },
      ],
    },
  };
  const emulator = await createEmulator({ service: "slack", port: 0, seed });
  const call = async (method: string, form: Record<string, string>) => {
    const answer = await fetch(`${emulator.url}/api/${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SLACK_TOKEN}` },
      body: new URLSearchParams(form),
    });
    return answer.text();
  };
  const listed = JSON.parse(await call("conversations.list", {})) as { channels: { id: string; name: string }[] };
  const channel = listed.channels.find(({ name }) => name === "general")!.id;
  for (let index = 1; index <= 8; index += 1) {
    await call("chat.postMessage", { channel, text: `Step ${index} of the release is done.` });
  }
  return {
    url: emulator.url,
    channel,
    definitions: (connectors.get("slack")?.tools ?? []).map((tool) => definitionOf({ ...tool })),
    call,
    close: async () => {
      await emulator.close();
    },
  };
}

/** Serves the catalogue's definitions; its tools say back what they were given. */
function catalogueConnector(catalogue: readonly Record<string, unknown>[]) {
  return defineConnector({
    type: "custom_api",
    title: "Catalogue",
    summary: "Many tools.",
    config: z.object({}),
    authentication: ["none"],
  }).discover(() => {
    const tools = catalogue.map((each): Tool => {
      const inputSchema = each.inputSchema as Tool["inputSchema"];
      return {
        name: String(each.name),
        description: String(each.description),
        effect: "read",
        inputSchema,
        examples: [],
        diagnostics: [],
        parseInput: (input) => compileInput(inputSchema).parse(input),
        run: ({ input }) => Promise.resolve(input),
      };
    });
    return Promise.resolve({ tools, close: () => Promise.resolve() });
  });
}
