/** The MCP connector alone, without doors and pipeline: one way to ask the child of the benchmark. */
import { pino } from "pino";
import connector from "../../connectors/mcp/index.ts";
import { noCredential } from "../../src/outbound/authorizer.ts";

/** Starts the child; the function that is returned runs one of its tools. */
export async function openConnector(program: string): Promise<(tool: string, input: unknown) => Promise<unknown>> {
  const refuse = () => Promise.reject(new Error("an MCP process is not asked over HTTP"));
  const http = { request: refuse, get: refuse, post: refuse, put: refuse, patch: refuse, delete: refuse };
  const { signal } = new AbortController();
  const context = { requestId: "bench", hasListener: false, reportProgress: () => {} };
  const { tools } = await connector.open({
    id: "child",
    name: "child",
    config: connector.config.parse({ command: "node", args: [program] }),
    customParameters: {},
    authorizer: noCredential,
    timeoutMs: 10_000,
    baseFolder: process.cwd(),
    log: pino({ level: "silent" }),
    toolsChanged: () => {},
    statusChanged: () => {},
  });
  return async (tool, input) => {
    const found = tools.find(({ name }) => name === tool);
    if (!found) throw new Error(`The child has no tool ${tool}.`);
    return found.run({ input, http, signal, context });
  };
}
