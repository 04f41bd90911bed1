/** A request and an answer as the REST routes know them, whether they came over node:http or as web `Request`s. */
import type { Cancellation } from "../cancellation.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";

export interface DoorRequest {
  readonly method: string;
  /** Path without query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header by lower-case name. */
  header(name: string): string | undefined;
  /** The body, held to the limit: rejects with `PAYLOAD_TOO_LARGE`. */
  body(limitBytes: number): Promise<Uint8Array>;
  /** What it came over; absent where that is not known. */
  readonly connection?: object | undefined;
  /** Fires when the caller went away. */
  readonly signal: Cancellation;
}

export interface DoorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A DoorRequest over a web `Request`. */
export function fromWebRequest(request: Request): DoorRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name) ?? undefined,
    body: (limitBytes) => readWebBody(request, limitBytes),
    signal: request.signal,
  };
}

export function toWebResponse(response: DoorResponse): Response {
  return new Response(response.body as string | Uint8Array<ArrayBuffer>, {
    status: response.status,
    headers: response.headers,
  });
}

async function readWebBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw bodyTooLarge(limitBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limitBytes) throw bodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

export function bodyTooLarge(limitBytes: number): CatalogueError {
  return new CatalogueError("PAYLOAD_TOO_LARGE", `The request body is over ${limitBytes} bytes.`, {
    details: { limit_bytes: limitBytes },
    acted: "no",
  });
}
