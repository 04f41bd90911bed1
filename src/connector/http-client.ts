/** The HTTP client that a tool is given: bound to one server, with everything that is not the tool's business done for it. */
import type { z } from "zod";

export type QueryValue = string | number | boolean | undefined | null | readonly (string | number | boolean)[];

export interface HttpRequestOptions {
  /** Query parameters; `undefined` and `null` are left out, arrays repeat the name. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`; `undefined` is left out, objects are sent as JSON text. */
  readonly form?: Readonly<Record<string, unknown>>;
  /** Sent as it is; set `content-type` in `headers`. */
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest answer read, in bytes; the server's default when absent. */
  readonly maxResponseBytes?: number;
}

/** An answer that was read whole and is not an error by status or by the connector's own reading. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON. Throws `DATA_TRANSFORMATION_ERROR` (502) when it is not. */
  json(): unknown;
  /** The body as JSON of that shape. Throws `DATA_TRANSFORMATION_ERROR` (502), naming what does not fit. */
  as<S extends z.ZodType>(schema: S): z.output<S>;
}

/**
 * Paths are joined to the server's base URL; an absolute URL is refused, so a tool can never be led elsewhere.
 * Every method throws catalogue errors only: connection faults `MCP_CONNECTION_ERROR`, statuses by their kind.
 *
 * @example
 * const { issues } = (await http.post("/rest/api/3/search/jql", { json: { jql } })).as(SearchAnswer);
 */
export interface HttpClient {
  request(method: string, path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  get(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  post(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  put(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  patch(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  delete(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
}
