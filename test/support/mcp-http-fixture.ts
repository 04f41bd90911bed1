/** The fixture server over Streamable HTTP in this process, of either protocol era, on a port that can be taken again. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { fixtureServer, newState, type FixtureState } from "./mcp-fixture-tools.ts";

export interface McpHttpFixture extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly state: FixtureState;
  /** Headers of every request, newest last. */
  readonly requests: { readonly method: string; readonly headers: IncomingHttpHeaders }[];
  /** Breaks every open connection, as a proxy or a crash would. */
  dropConnections(): void;
  /** What a restart does to sessions. */
  forgetSessions(): void;
}

/** `session` speaks the 2025 revisions with a session id, `modern` the newest one only. */
export async function startMcpHttpFixture(
  kind: "modern" | "session",
  options: { port?: number; status?: (headers: IncomingHttpHeaders) => number | undefined } = {},
): Promise<McpHttpFixture> {
  const state = newState();
  const requests: { method: string; headers: IncomingHttpHeaders }[] = [];
  const sessions: Sessions = new Map();
  const fetch = kind === "modern" ? modern(state) : withSessions(state, sessions);
  const listener = getRequestListener(fetch);
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", headers: request.headers });
    const status = options.status?.(request.headers);
    if (status !== undefined) response.writeHead(status, { "retry-after": "3" }).end("refused");
    else void listener(request, response);
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    state,
    requests,
    dropConnections: () => server.closeAllConnections(),
    forgetSessions: () => sessions.clear(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function modern(state: FixtureState): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(() => fixtureServer(state), { legacy: "reject" });
  state.changed = () => handler.notify.toolsChanged();
  return (request) => handler.fetch(request);
}

type Sessions = Map<string, WebStandardStreamableHTTPServerTransport>;

function withSessions(state: FixtureState, open: Sessions): (request: Request) => Promise<Response> {
  return async (request) => {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      return open.get(id)?.handleRequest(request) ?? new Response("no such session", { status: 404 });
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (created) => void open.set(created, transport),
    });
    await fixtureServer(state).connect(transport);
    return transport.handleRequest(request);
  };
}
