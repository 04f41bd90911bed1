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
  /** Told when it was given up before a byte of it went out: it waited for a connection. */
  readonly onNeverSent?: () => void;
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

/** What an exchange needs until it has settled. */
interface Running {
  readonly request: ExchangeRequest;
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  readonly chunks: Buffer[];
  controller: Dispatcher.DispatchController | undefined;
}

/** Settled, it holds on to nothing: undici's queues keep some handlers until the next full collection of garbage. */
class Exchange implements Dispatcher.DispatchHandler {
  #running: Running | undefined;
  #size = 0;
  #statusCode = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(request: ExchangeRequest, resolve: (answer: RawAnswer) => void, reject: (error: unknown) => void) {
    const { signal } = request;
    const onAbort = () => {
      const controller = this.#running?.controller;
      this.#fail(signal.reason);
      if (controller) controller.abort(signal.reason as Error);
      else request.onNeverSent?.();
    };
    this.#running = { request, resolve, reject, onAbort, chunks: [], controller: undefined };
    signal.addEventListener("abort", onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const running = this.#running;
    // It was given up while it waited for a connection.
    if (!running) return controller.abort(new Error("the request was given up"));
    running.controller = controller;
    const { signal } = running.request;
    if (signal.aborted) controller.abort(signal.reason as Error);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.#statusCode = statusCode;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const running = this.#running;
    if (!running) return;
    const { maxBytes } = running.request;
    this.#size += chunk.length;
    if (this.#size <= maxBytes) running.chunks.push(chunk);
    else controller.abort(tooLong(maxBytes, this.#statusCode));
  }

  onResponseEnd(): void {
    const running = this.#settle();
    if (!running) return;
    const { chunks } = running;
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    running.resolve({ statusCode: this.#statusCode, headers: this.#headers, body });
    this.#headers = {};
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#settle()?.reject(error);
  }

  #settle(): Running | undefined {
    const running = this.#running;
    this.#running = undefined;
    running?.request.signal.removeEventListener("abort", running.onAbort);
    return running;
  }
}
