/** A load generator on bare sockets: cheap enough not to be what is measured, closed loop or open loop. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Target {
  readonly url: string;
  /** Further processes that are asked in turn with the first. */
  readonly others?: readonly string[];
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** One for each connection and turn: equal reads that run at the same time would share one call. */
  readonly body: (connection: number) => string;
  /** Further headers of one request in a hundred. */
  readonly seldom?: Readonly<Record<string, string>>;
}

export interface Answers {
  readonly seconds: number;
  /** Of every answered request, milliseconds, in the order they came. */
  readonly latencies: readonly number[];
}

const EMPTY = Buffer.alloc(0);

/** Every connection asks again as soon as it was answered. */
export async function closedLoop(target: Target, connections: number, ms: number): Promise<Answers> {
  const wires = await openWires(target, connections);
  const latencies: number[] = [];
  const begun = performance.now();
  const end = begun + ms;
  await Promise.all(
    wires.map(
      (wire) =>
        new Promise<void>((resolve, reject) => {
          const turn = () => {
            const sent = performance.now();
            if (sent >= end) return resolve();
            wire.ask((problem) => {
              if (problem) return reject(problem);
              latencies.push(performance.now() - sent);
              turn();
            });
          };
          turn();
        }),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  for (const wire of wires) wire.close();
  return { seconds, latencies };
}

/** Requests come by chance (Poisson) at that rate, whether or not earlier ones were answered. */
export async function openLoop(target: Target, perSecond: number, ms: number): Promise<Answers> {
  const free = await openWires(target, 64);
  const all = [...free];
  const latencies: number[] = [];
  let running = 0;
  let failed: Error | undefined;
  const begun = performance.now();
  let next = begun;
  while (performance.now() < begun + ms || running > 0) {
    if (failed) throw failed;
    for (const now = performance.now(); next <= now && next < begun + ms; next += wait(perSecond)) {
      const wire = free.shift();
      if (!wire) continue;
      running += 1;
      const sent = performance.now();
      wire.ask((problem) => {
        if (problem) failed = problem;
        latencies.push(performance.now() - sent);
        running -= 1;
        free.push(wire);
      });
    }
    // The timer's grain is a millisecond: who comes within one, comes together.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const wire of all) wire.close();
  return { seconds, latencies };
}

/** Milliseconds to the next arrival. */
function wait(perSecond: number): number {
  return (-Math.log(1 - Math.random()) / perSecond) * 1000;
}

function openWires(target: Target, count: number): Promise<Wire[]> {
  const urls = [target.url, ...(target.others ?? [])];
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { hostname, port } = new URL(urls[index % urls.length]!);
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, "connect");
      return new Wire(socket, requestOf(target, index), target.seldom && requestOf(target, index, target.seldom));
    }),
  );
}

function requestOf(target: Target, index: number, more: Readonly<Record<string, string>> = {}): Buffer {
  const body = target.body(index);
  const headers = {
    host: new URL(target.url).host,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...target.headers,
    ...more,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${target.path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

/** A kept-alive connection with one request at a time. Reads as much of HTTP as finding an answer's end takes. */
class Wire {
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #seldom: Buffer | undefined;
  #held: Buffer = EMPTY;
  #asked = 0;
  #done: ((problem?: Error) => void) | undefined;

  constructor(socket: Socket, request: Buffer, seldom: Buffer | undefined) {
    this.#socket = socket;
    this.#request = request;
    this.#seldom = seldom;
    this.#asked = Math.floor(Math.random() * 100);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.once("error", (error) => this.#end(error));
    socket.once("close", () => this.#end(new Error("the connection was closed")));
  }

  ask(done: (problem?: Error) => void): void {
    this.#done = done;
    this.#asked += 1;
    this.#socket.write(this.#seldom && this.#asked % 100 === 0 ? this.#seldom : this.#request);
  }

  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const held = (this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]));
    const headEnd = held.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const head = held.toString("latin1", 0, headEnd);
    const length = /content-length: ?(\d+)/i.exec(head)?.[1];
    const isWhole =
      length === undefined
        ? held.subarray(-5).equals(LAST_CHUNK) || head.startsWith("HTTP/1.1 204")
        : held.length >= headEnd + 4 + Number(length);
    if (!isWhole) return;
    this.#held = EMPTY;
    this.#end(/^HTTP\/1\.1 20[0-9]/.test(head) ? undefined : new Error(held.toString("utf8").slice(0, 500)));
  }

  #end(problem?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(problem);
  }
}

const LAST_CHUNK = Buffer.from("0\r\n\r\n");
