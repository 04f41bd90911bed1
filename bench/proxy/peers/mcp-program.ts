/** A peer that is a program of its own: a Streamable HTTP front of an MCP server on standard streams. */
import { startProgram, type Measured } from "../child.ts";
import { freePort } from "../free-port.ts";
import { inputOf } from "../job.ts";
import type { Variant } from "../shots.ts";

const PROTOCOL = "2025-06-18";
const HEADERS = { accept: "application/json, text/event-stream", "mcp-protocol-version": PROTOCOL };

/** Starts it, shakes hands, and gives the variant with its process. */
export async function startMcpPeer(
  name: string,
  program: string,
  argsOf: (port: number) => readonly string[],
): Promise<Variant & { readonly process: Measured }> {
  const port = await freePort();
  const process = await startProgram(program, argsOf(port), port);
  try {
    const initialize = {
      jsonrpc: "2.0",
      id: "hello",
      method: "initialize",
      params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: "bench", version: "1.0.0" } },
    };
    const greeted = await post(`${process.url}/mcp`, initialize, {});
    const session = greeted.headers.get("mcp-session-id");
    const headers = { ...HEADERS, ...(session !== null && { "mcp-session-id": session }) };
    await post(`${process.url}/mcp`, { jsonrpc: "2.0", method: "notifications/initialized" }, headers);
    const body = (connection: number) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id: connection + 1,
        method: "tools/call",
        params: { name: "lookup", arguments: inputOf(connection) },
      });
    return { name, url: process.url, path: "/mcp", headers, body, children: [process], expects: "item-7", process };
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

async function post(url: string, message: object, headers: Readonly<Record<string, string>>): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...HEADERS, ...headers },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
  return response;
}
