/** Serves the app on node:http. REST requests go straight to their routes: building web `Request`s would cost more than they do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Canceller, type Cancellation } from "../cancellation.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { atTurnEnd } from "../at-turn-end.ts";
import { createApp, type AppOptions } from "./app.ts";
import { bodyTooLarge, type DoorRequest, type DoorResponse } from "./door-request.ts";
import { answerRest } from "./rest/answer-rest.ts";

/** How often a closing server looks for connections whose call has ended, milliseconds. */
const SWEEP_MS = 25;

export interface Listening {
  /** `http://host:port` as it was bound. */
  readonly url: string;
  /** Stops accepting, lets running requests finish within the bound, then ends what is left; true when nothing was left. */
  close(graceMs?: number): Promise<boolean>;
}

export interface ServeOptions extends AppOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Rejects with the system's error when the port is taken or may not be used. */
export async function serve(options: ServeOptions): Promise<Listening> {
  const { gateway, graphql, isLoopback } = options;
  const listener = getRequestListener(createApp(options).fetch, { overrideGlobalObjects: false });
  /** Connections that have not asked anything yet: node does not count them as idle. */
  const silent = new Set<Socket>();
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 },
    (message, response) => {
      silent.delete(message.socket);
      const url = message.url ?? "/";
      const queryAt = url.indexOf("?");
      const path = queryAt < 0 ? url : url.slice(0, queryAt);
      if (gateway.state === "DRAINING") response.setHeader("connection", "close");
      if (path !== "/graphql") {
        void answerRest(gateway, fromNode(message, response, url, path), isLoopback).then((answer) =>
          send(response, answer),
        );
        return;
      }
      const quick =
        message.method === "POST" ? graphql.quick(fromNode(message, response, url, path), isLoopback) : undefined;
      if (quick) {
        void quick.then((answer) => {
          gateway.metrics.countRequest(path, answer.status);
          send(response, answer);
        });
      } else void listener(message, response);
    },
  );
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${host}:${address.port}`, close: (graceMs = 10_000) => close(server, silent, graceMs) };
}

interface Answered {
  readonly response: ServerResponse;
  readonly answer: DoorResponse;
}

/** Answers of one turn of the event loop go out together: whoever waits for several is woken once. */
const sendSoon = atTurnEnd<Answered>(({ response, answer: { status, headers, body } }) => {
  if (response.writableEnded || response.destroyed) return;
  const isCounted = headers["content-length"] !== undefined;
  response.writeHead(status, isCounted ? headers : { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
});

function send(response: ServerResponse, answer: DoorResponse): void {
  sendSoon({ response, answer });
}

function fromNode(message: IncomingMessage, response: ServerResponse, url: string, path: string): DoorRequest {
  return new NodeRequest(message, response, url, path);
}

/** A class, with the costly parts made only when asked for: a request on the hot path needs neither query nor signal. */
class NodeRequest implements DoorRequest {
  readonly path: string;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #url: string;
  #caller: Canceller | undefined;

  constructor(message: IncomingMessage, response: ServerResponse, url: string, path: string) {
    this.#message = message;
    this.#response = response;
    this.#url = url;
    this.path = path;
  }

  get method(): string {
    return this.#message.method ?? "GET";
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#url.slice(this.path.length + 1));
  }

  get connection(): object {
    return this.#message.socket;
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  get signal(): Cancellation {
    if (!this.#caller) {
      const caller = (this.#caller = new Canceller());
      const response = this.#response;
      // It may have left while its credential was checked.
      if (response.destroyed && !response.writableFinished) caller.abort();
      else {
        response.on("close", () => {
          if (!response.writableFinished) caller.abort();
        });
      }
    }
    return this.#caller;
  }

  body(limitBytes: number): Promise<Uint8Array> {
    const message = this.#message;
    return new Promise((resolve, reject) => {
      const breakOff = () => reject(new CatalogueError("VALIDATION_ERROR", "The body broke off.", { acted: "no" }));
      // It may have left while its credential was checked: then nothing more is heard of it.
      if (message.destroyed) return breakOff();
      const announced = Number(message.headers["content-length"] ?? 0);
      if (announced > limitBytes) {
        refuseRest(message, this.#response);
        return reject(bodyTooLarge(limitBytes));
      }
      // Nearly always all of it came in one piece with the headers, and lies ready once they were handled. The message is
      // not read to its end then: that would cost a tenth of all the work in events, and without it the connection lets go of
      // the message when the next one comes, or when it closes.
      process.nextTick(() => {
        if (message.destroyed) breakOff();
        else if (message.readableLength > 0 && message.readableLength === announced) resolve(message.read() as Buffer);
        else this.#collect(limitBytes, resolve, reject, breakOff);
      });
    });
  }

  #collect(
    limitBytes: number,
    resolve: (body: Buffer) => void,
    reject: (error: CatalogueError) => void,
    breakOff: () => void,
  ): void {
    const message = this.#message;
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else {
        refuseRest(message, this.#response);
        reject(bodyTooLarge(limitBytes));
      }
    });
    message.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    // A body that breaks off ends without "end"; its error says no more than that.
    message.on("close", () => {
      if (!message.readableEnded) breakOff();
    });
  }
}

/** The rest of a refused body is not read: the answer goes out and the connection ends with it. */
function refuseRest(message: IncomingMessage, response: ServerResponse): void {
  message.removeAllListeners("data");
  message.resume();
  response.setHeader("connection", "close");
}

async function close(server: Server, silent: ReadonlySet<Socket>, graceMs: number): Promise<boolean> {
  let inOrder = true;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  for (const socket of silent) socket.destroy();
  // A kept-alive connection turns idle when its call ends, which nothing tells; it must not hold up the whole grace.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const timer = setTimeout(() => {
    inOrder = false;
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
  return inOrder;
}
