/** One server's HTTP connection pool: sends a tool's requests with the credential and reads the answers to a cap. */
import { Pool } from "undici";
import type { Cancellation } from "../cancellation.ts";
import type { Authorizer, HttpBehaviour } from "../connector/connector.ts";
import type { HttpClient, HttpRequestOptions, HttpResponse } from "../connector/http-client.ts";
import { failureKindOf, serverFailure } from "../connector/server-failure.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { Trace } from "../telemetry/trace.ts";
import { connectionError } from "./connection-error.ts";
import { exchange, type ExchangeRequest } from "./exchange.ts";
import { ReadResponse } from "./read-response.ts";
import { bodyOf, pathOf } from "./request-parts.ts";
import { boundedWait, retryAfterOf } from "./retry-after.ts";

export interface HttpUpstreamOptions {
  /** Absolute URL that every path is joined to; its own path is kept. */
  readonly baseUrl: string;
  readonly authorizer: Authorizer;
  readonly behaviour?: HttpBehaviour | undefined;
  /** The server's checked `server_specific_config`, for a behaviour that differs by it. */
  readonly config: unknown;
  /** Largest answer read, bytes. */
  readonly maxResponseBytes?: number;
  /** Most connections to the server. */
  readonly connections?: number;
}

/** The call that requests are sent for. */
export interface UpstreamCall {
  readonly signal: Cancellation;
  /** Sent as `X-Request-ID`. */
  readonly requestId: string;
  readonly meter?: UpstreamMeter;
  /** Sent as `traceparent` and `tracestate`. */
  readonly trace?: Trace | undefined;
}

export interface UpstreamMeter {
  /** Bytes of every answer's body, as they came. */
  bytesReceived: number;
  /** Requests that were asked for, and those of them that were given up before anything went out. */
  requestsBegun: number;
  requestsNeverSent: number;
}

const DEFAULT_MAX_RESPONSE_BYTES = 8 * 1024 * 1024;
/** Longest that closing waits for running requests, milliseconds. */
const CLOSE_MS = 5_000;
const USER_AGENT = "toolgraph";

/**
 * A server reached over HTTP. `client` binds it to one call; `close` waits for running requests.
 *
 * @example
 * const upstream = new HttpUpstream({ baseUrl: "https://slack.com/api", authorizer, config });
 * await upstream.client({ signal, requestId: "r-1" }).post("/auth.test");
 */
export class HttpUpstream {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #options: HttpUpstreamOptions;
  /** Sent with every request. */
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: HttpUpstreamOptions) {
    const base = new URL(options.baseUrl);
    this.#options = options;
    this.#headers = { accept: "application/json", "user-agent": USER_AGENT, ...options.behaviour?.headers };
    this.#basePath = base.pathname.replace(/\/+$/, "");
    this.#pool = new Pool(base.origin, {
      connections: options.connections ?? 128,
      keepAliveTimeout: 60_000,
      // The call's own deadline decides; undici's timers would only cost.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
  }

  /** The HTTP client for one call. */
  client(call: UpstreamCall): HttpClient {
    return new CallClient((method, path, options) => this.#request(method, path, options, call));
  }

  /** Waits for running requests, but not for one that never ends. */
  async close(): Promise<void> {
    const timer = setTimeout(() => void this.#pool.destroy(), CLOSE_MS);
    await this.#pool.close();
    clearTimeout(timer);
  }

  async #request(method: string, path: string, options: HttpRequestOptions, call: UpstreamCall): Promise<HttpResponse> {
    const { authorizer } = this.#options;
    const { meter, signal } = call;
    if (meter) meter.requestsBegun += 1;
    for (let isRepeated = false; ; isRepeated = true) {
      let credential = authorizer.headers();
      if (credential instanceof Promise) credential = await credential;
      // Known before anything was sent, so that even a write may be sent again.
      if (signal.aborted) throw connectionError(signal.reason, signal, "no");
      let response: ReadResponse | Promise<ReadResponse>;
      try {
        const request = this.#exchangeOf(method, path, options, call, credential);
        const answer = await exchange(this.#pool, request);
        if (meter) meter.bytesReceived += answer.body.byteLength;
        const sent = authorizer.query ? { ...credential, ...authorizer.query } : credential;
        response = ReadResponse.of(answer, request.maxBytes, sent);
        if (response instanceof Promise) response = await response;
      } catch (error) {
        throw isUnsendable(credential) ? unsendable() : connectionError(error, signal);
      }
      if (response.status !== 401 || isRepeated || !(await authorizer.refused?.(credential))) {
        return this.#judge(response);
      }
    }
  }

  #exchangeOf(
    method: string,
    path: string,
    options: HttpRequestOptions,
    call: UpstreamCall,
    credential: Readonly<Record<string, string>>,
  ): ExchangeRequest {
    const { body, contentType } = bodyOf(options);
    const headers: Record<string, string> = { "x-request-id": call.requestId, ...this.#headers };
    if (call.trace) Object.assign(headers, call.trace.headers());
    if (contentType !== undefined) headers["content-type"] = contentType;
    if (options.headers) Object.assign(headers, options.headers);
    Object.assign(headers, credential);
    return {
      method,
      path: pathOf(this.#basePath, path, options.query, this.#options.authorizer.query),
      headers,
      body: body ?? null,
      signal: call.signal,
      maxBytes: options.maxResponseBytes ?? this.#options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
      meter: call.meter,
    };
  }

  /** The response, or throws what it says went wrong. */
  #judge(response: ReadResponse): ReadResponse {
    const { behaviour, config } = this.#options;
    const failed = behaviour?.readError?.(response, config) !== undefined;
    if (failed || response.status >= 400) throw this.#failureOf(response.quotable());
    if (response.status >= 300 && response.status !== 304) {
      throw new CatalogueError("MCP_SERVER_ERROR", "The server redirects elsewhere, which is not followed.", {
        serverStatusCode: response.status,
        retryable: false,
        suggestion: "An operator should set base_url to the address the server redirects to.",
      });
    }
    return response;
  }

  #failureOf(response: ReadResponse): CatalogueError {
    const { behaviour, config } = this.#options;
    const failure = behaviour?.readError?.(response, config);
    if (!failure) return this.#statusError(response);
    const { retryAfterMs, ...rest } = failure;
    const waitMs = boundedWait(retryAfterMs) ?? this.#retryAfter(response);
    return serverFailure(waitMs === undefined ? rest : { ...rest, retryAfterMs: waitMs }, {
      status: response.status,
      body: response.excerpt(),
    });
  }

  #statusError(response: ReadResponse): CatalogueError {
    const waitMs = this.#retryAfter(response);
    return serverFailure(
      {
        kind: failureKindOf(response.status),
        message: `The server answered ${response.status}${response.reason()}.`,
        ...(waitMs !== undefined && { retryAfterMs: waitMs }),
        // 408 and 425 say that the request was not acted on; 503 usually so, but only reads may trust it.
        ...((response.status === 408 || response.status === 425) && { acted: "no" as const, retryable: true }),
      },
      { status: response.status, body: response.excerpt() },
    );
  }

  #retryAfter(response: HttpResponse): number | undefined {
    const { behaviour, config } = this.#options;
    return boundedWait(behaviour?.retryAfterMs?.(response, config)) ?? retryAfterOf(response.headers);
  }
}

function isUnsendable(credential: Readonly<Record<string, string>>): boolean {
  return Object.values(credential).some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value));
}

function unsendable(): CatalogueError {
  return new CatalogueError("CONFIGURATION_ERROR", "The server's credential holds characters that cannot be sent.", {
    acted: "no",
    suggestion: "An operator should check the secret for a line break at its end.",
  });
}

type Send = (method: string, path: string, options: HttpRequestOptions) => Promise<HttpResponse>;

/** A class rather than an object of functions: a call makes one of these, and seldom uses more than one method. */
class CallClient implements HttpClient {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  request(method: string, path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send(method, path, options);
  }

  get(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send("GET", path, options);
  }

  post(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send("POST", path, options);
  }

  put(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send("PUT", path, options);
  }

  patch(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send("PATCH", path, options);
  }

  delete(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#send("DELETE", path, options);
  }
}
