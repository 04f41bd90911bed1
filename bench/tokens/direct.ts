/** The servers without a gateway: real MCP servers over stdio, and Jira's own answers behind a raw HTTP tool. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

export interface DirectServer extends AsyncDisposable {
  readonly definitions: readonly Record<string, unknown>[];
  call(name: string, input: Record<string, unknown>): Promise<string>;
}

/** What a model is given of an MCP tool. */
export function definitionOf(tool: Record<string, unknown>): Record<string, unknown> {
  const { name, description, inputSchema } = tool;
  return { name, description, inputSchema };
}

export async function directMcp(
  packageName: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<DirectServer> {
  const client = new Client({ name: "tokens", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [programOf(packageName), ...args],
      env: { PATH: process.env.PATH ?? "", ...env },
      stderr: "ignore",
    }),
  );
  const { tools } = await client.listTools();
  return {
    definitions: tools.map((tool) => definitionOf(tool)),
    // The text content alone: clients that also show structuredContent would count it twice.
    call: async (name, input) => {
      const { content } = await client.callTool({ name, arguments: input });
      return (content as { text?: string }[]).map((part) => part.text ?? "").join("\n");
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The file behind a package's command. */
export function programOf(packageName: string): string {
  const require = createRequire(import.meta.url);
  const description = require.resolve(`${packageName}/package.json`);
  const { bin } = require(description) as { bin: Record<string, string> };
  return join(dirname(description), Object.values(bin)[0]!);
}
