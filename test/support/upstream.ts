/** A real HTTP server on loopback for one test, which remembers what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly requests: ReceivedRequest[];
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly text?: string;
}

/**
 * Starts a server that answers with what `respond` returns; a function that writes to `response` itself returns nothing.
 *
 * @example
 * await using upstream = await startUpstream(() => ({ json: { ok: true } }));
 */
export async function startUpstream(
  respond: (request: ReceivedRequest, response: ServerResponse) => Answer | void | Promise<Answer | void>,
): Promise<Upstream> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? "/", "http://upstream");
      const received: ReceivedRequest = {
        method: request.method ?? "",
        url: request.url ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      requests.push(received);
      const answer = await respond(received, response);
      if (!answer) return;
      const text = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
      response.writeHead(answer.status ?? 200, {
        ...(answer.json !== undefined && { "content-type": "application/json" }),
        ...answer.headers,
      });
      response.end(text);
    })().catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
