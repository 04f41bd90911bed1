/** One HTTP exchange on a pool's lowest layer: no streams, the body in one buffer, held to a cap while it arrives. */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { tooLong } from "./response-text.ts";

export interface ExchangeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
  /** Ends the exchange, also while it waits for a connection. */
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** Told when a connection is there and the request goes out on it. */
  readonly onSent?: () => void;
}

export interface RawAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Rejects with what undici reports, with the signal's reason, or with `DATA_TRANSFORMATION_ERROR` over the cap. Measured
 * against `pool.request` with its body stream it saves about a tenth of the gateway's work on a small answer.
 */
export function exchange(pool: Dispatcher, request: ExchangeRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    pool.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body,
      },
      new Exchange(request, resolve, reject),
    );
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort: () => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #size = 0;
  #statusCode = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(request: ExchangeRequest, resolve: (answer: RawAnswer) => void, reject: (error: unknown) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onAbort = () => {
      this.#controller?.abort(request.signal.reason as Error);
      this.#fail(request.signal.reason);
    };
    request.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#request.signal.aborted) controller.abort(this.#request.signal.reason as Error);
    else this.#request.onSent?.();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.#statusCode = statusCode;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size <= this.#request.maxBytes) this.#chunks.push(chunk);
    else controller.abort(tooLong(this.#request.maxBytes, this.#statusCode));
  }

  onResponseEnd(): void {
    this.#settle();
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#resolve({ statusCode: this.#statusCode, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }
}
