/** Any MCP server as a Toolgraph server: a local process or a Streamable HTTP address, of every protocol revision. */
import { defineConnector } from "../../src/index.ts";
import { config } from "./config.ts";

export default defineConnector({
  type: "mcp",
  title: "Model Context Protocol",
  summary: "Every tool of an MCP server, started as a process or reached over HTTP.",
  sources: [
    "https://modelcontextprotocol.io/specification/2026-07-28",
    "https://modelcontextprotocol.io/specification/2025-11-25",
  ],
  config,
  authentication: ["none", "bearer_token", "pat", "api_key", "basic_auth", "oauth2", "oauth2_client_credentials"],
  apiKeyPlace: () => ({ headerName: "x-api-key" }),
  baseUrl: ({ url }) => url,
}).discover(async (server) => {
  // The MCP library takes 20 MB: those pay for it who have such a server.
  const { McpSession } = await import("./mcp-session.ts");
  const session = new McpSession(server);
  await session.settled();
  return session;
});
