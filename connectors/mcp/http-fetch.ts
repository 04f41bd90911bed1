/** A `fetch` for the MCP transport on one undici pool: credential per request, answers to a cap, no hidden costs. */
import { Readable } from "node:stream";
import { Agent, request } from "undici";
import { failureKindOf, retryAfterOf, serverFailure, type Authorizer } from "../../src/index.ts";
import type { HttpTarget } from "./target.ts";

const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

export interface HttpFetch {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  close(): Promise<void>;
}

/** undici's `request` costs half of what `fetch` does; redirects come back as they are and the SDK judges them. */
export function httpFetch(target: HttpTarget, authorizer: Authorizer): HttpFetch {
  const dispatcher = new Agent({
    connections: 128,
    keepAliveTimeout: 60_000,
    // Streams of change notifications are silent for hours; calls have their own deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  const send = async (url: string | URL, init: RequestInit) => {
    const credential = await authorizer.headers();
    return request(withQuery(url, authorizer.query), {
      dispatcher,
      method: (init.method ?? "GET") as "GET" | "POST" | "DELETE",
      headers: {
        "user-agent": "toolgraph",
        ...target.headers,
        ...Object.fromEntries(new Headers(init.headers)),
        ...credential,
      },
      body: (init.body as string | null | undefined) ?? null,
      signal: init.signal ?? null,
    });
  };
  return {
    async fetch(url, init = {}) {
      let answer = await send(url, init);
      if (answer.statusCode === 401 && authorizer.refused && (await authorizer.refused())) {
        await answer.body.dump();
        answer = await send(url, init);
      }
      const headers = singleHeaders(answer.headers);
      const { statusCode: status } = answer;
      const retryAfterMs = retryAfterOf(headers);
      // The SDK's error has no room for the wait.
      if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
        await answer.body.dump();
        const message = `The server answered ${status}: it wants fewer requests.`;
        const wait = retryAfterMs !== undefined && { retryAfterMs };
        throw serverFailure({ kind: failureKindOf(status), message, ...wait }, { status });
      }
      if (status === 204 || status === 205 || status === 304) {
        await answer.body.dump();
        return new Response(null, { status, headers });
      }
      const isStream = headers["content-type"]?.startsWith("text/event-stream");
      const body = isStream ? (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>) : await answer.body.text();
      return new Response(body, { status, headers });
    },
    close: () => dispatcher.destroy(),
  };
}

function withQuery(url: string | URL, query: Authorizer["query"]): string | URL {
  if (query === undefined) return url;
  const extended = new URL(url);
  for (const [name, value] of Object.entries(query)) extended.searchParams.set(name, value);
  return extended;
}

function singleHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
