/** Streamable HTTP with what the SDK's transport leaves open: lost sessions, broken answer streams, the end of a session. */
import { SdkHttpError, StreamableHTTPClientTransport, type JSONRPCMessage } from "@modelcontextprotocol/client";
import type { Authorizer } from "../../src/index.ts";
import { httpFetch, type HttpFetch } from "./http-fetch.ts";
import type { HttpTarget } from "./target.ts";

/** JSON-RPC code, of the range for implementations, with which calls end whose answer stream broke. */
export const STREAM_BROKE = -32_099;
/** A server that is gone must not hold up closing. Milliseconds. */
const FAREWELL_MS = 1_000;

type SendOptions = Parameters<StreamableHTTPClientTransport["send"]>[1];

/** Spec: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #http: HttpFetch;
  #closing: Promise<void> | undefined;

  /** `onStreamLost` is told when the stream of notifications (2025 revisions) was open and cannot be opened again. */
  constructor(target: HttpTarget, authorizer: Authorizer, onStreamLost: () => void) {
    const http = httpFetch(target, authorizer);
    let wasOpen = false;
    super(target.url, {
      fetch: async (url, init) => {
        if (init?.method !== "GET") return http.fetch(url, init);
        try {
          const answer = await http.fetch(url, init);
          if (wasOpen && !answer.ok) onStreamLost();
          wasOpen ||= answer.ok;
          return answer;
        } catch (error) {
          if (wasOpen && !init.signal?.aborted) onStreamLost();
          throw error;
        }
      },
      onInsufficientScope: "throw",
    });
    this.#http = http;
  }

  /** The SDK lets a call whose answer stream broke wait for its time-out: such a call is ended here at once. */
  override async send(message: JSONRPCMessage | JSONRPCMessage[], options?: SendOptions): Promise<void> {
    if (Array.isArray(message) || !("method" in message) || !("id" in message) || options?.onRequestStreamEnd) {
      return super.send(message, options);
    }
    const { id } = message;
    // Comes after the answer too; the SDK then no longer knows the id and drops it.
    const onRequestStreamEnd = () =>
      this.onmessage?.({ jsonrpc: "2.0", id, error: { code: STREAM_BROKE, message: "answer stream broke" } });
    await super.send(message, { ...options, onRequestStreamEnd });
  }

  override close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    const farewell = this.terminateSession().catch(() => {});
    const late = new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
    await Promise.race([farewell, late]);
    await super.close();
    await this.#http.close();
  }
}

/** The server no longer knows the session: the spec says 404, older SDKs answer 400. Nothing was done. */
export function isSessionLost(error: unknown, sessionId: string | undefined): boolean {
  if (sessionId === undefined || !(error instanceof SdkHttpError)) return false;
  return error.status === 404 || (error.status === 400 && /session/i.test(error.message));
}
