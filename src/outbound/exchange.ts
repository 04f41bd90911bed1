/** One HTTP exchange on a pool's lowest layer: no streams, the body in one buffer, held to a cap while it arrives. */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Cancellation } from "../cancellation.ts";
import { atTurnEnd } from "../at-turn-end.ts";
import { tooLong } from "./response-text.ts";

export interface ExchangeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
  /** Ends the exchange, also while it waits for a connection. */
  readonly signal: Cancellation;
  readonly maxBytes: number;
  /** Counts what was given up before a byte of it went out: it waited for a connection. */
  readonly meter?: { requestsNeverSent: number } | undefined;
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
  return new Promise((resolve, reject) => dispatchSoon(new Exchange(pool, request, resolve, reject)));
}

/** Requests of one turn of the event loop go out together: a server that is woken once finds them all. */
const dispatchSoon = atTurnEnd<Exchange>((each) => each.dispatch());

/** What an exchange needs until it has settled. */
interface Running {
  readonly request: ExchangeRequest;
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: unknown) => void;
  /** The first piece of the body, and all of them where there are more. */
  first: Buffer | undefined;
  chunks: Buffer[] | undefined;
  controller: Dispatcher.DispatchController | undefined;
}

/** Settled, it holds on to nothing: undici's queues keep some handlers until the next full collection of garbage. */
class Exchange implements Dispatcher.DispatchHandler {
  #pool: Dispatcher | undefined;
  #running: Running | undefined;
  #size = 0;
  #statusCode = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(
    pool: Dispatcher,
    request: ExchangeRequest,
    resolve: (answer: RawAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#pool = pool;
    this.#running = { request, resolve, reject, first: undefined, chunks: undefined, controller: undefined };
    request.signal.addEventListener("abort", this, ONCE);
  }

  dispatch(): void {
    const pool = this.#pool;
    const running = this.#running;
    this.#pool = undefined;
    // It was given up before its turn came.
    if (!pool || !running) return;
    const { method, path, headers, body } = running.request;
    try {
      pool.dispatch({ method, path, headers, body }, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** It was given up. */
  handleEvent(): void {
    const running = this.#running;
    if (!running) return;
    const { request, controller } = running;
    this.#fail(request.signal.reason);
    if (controller) controller.abort(request.signal.reason as Error);
    else if (request.meter) request.meter.requestsNeverSent += 1;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const running = this.#running;
    // It was given up while it waited for a connection.
    if (running) running.controller = controller;
    else controller.abort(new Error("the request was given up"));
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
    if (this.#size > maxBytes) controller.abort(tooLong(maxBytes, this.#statusCode));
    else if (running.first === undefined) running.first = chunk;
    else (running.chunks ??= [running.first]).push(chunk);
  }

  onResponseEnd(): void {
    const running = this.#settle();
    if (!running) return;
    const { first, chunks } = running;
    const body = chunks ? Buffer.concat(chunks) : (first ?? EMPTY);
    running.resolve({ statusCode: this.#statusCode, headers: this.#headers, body });
    this.#headers = NO_HEADERS;
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
    running?.request.signal.removeEventListener("abort", this);
    return running;
  }
}

const ONCE = { once: true };
const EMPTY = Buffer.alloc(0);
const NO_HEADERS: IncomingHttpHeaders = {};
