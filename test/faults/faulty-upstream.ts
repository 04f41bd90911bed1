/** A shop on a bare socket: it reads whole HTTP requests, counts them by their tag, and answers as badly as it is told to. */
import { once } from "node:events";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

export interface ShopRequest {
  /** Id of the item that is read, or name of the one that is added: each call of the suite has its own. */
  readonly tag: string;
  readonly isWrite: boolean;
}

export interface Misbehaviour {
  /** Instead of reading anything. */
  readonly accept?: (socket: Socket) => void;
  readonly answer?: (socket: Socket, request: ShopRequest) => void;
}

export interface FaultyUpstream extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly ShopRequest[];
  readonly seen: (tag: string) => number;
  readonly connections: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  readonly heal: () => void;
}

/** @example await using shop = await startFaultyUpstream({ answer: (socket) => socket.resetAndDestroy() }); */
export async function startFaultyUpstream(
  misbehaviour: Misbehaviour,
  { tls, port = 0 }: { readonly tls?: TlsOptions; readonly port?: number } = {},
): Promise<FaultyUpstream> {
  let { accept, answer = well } = misbehaviour;
  const requests: ShopRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket) => {
    if (accept) return accept(socket);
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
      for (let taken = takeRequest(text); taken; taken = takeRequest(text)) {
        text = taken.rest;
        requests.push(taken.request);
        answer(socket, taken.request);
      }
    });
  };
  const server: Server = tls ? createTlsServer(tls, serve) : createTcpServer(serve);
  server.on("tlsClientError", () => {});
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("secureConnection", (socket: Socket) => socket.on("error", () => {}));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    seen: (tag) => requests.filter((request) => request.tag === tag).length,
    connections: () => connections,
    open: () => sockets.size,
    heal: () => {
      accept = undefined;
      answer = well;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** What a shop in good health says. */
export function well(socket: Socket, { tag }: ShopRequest): void {
  socket.write(httpText(200, itemJson(tag)));
}

export function itemJson(tag: string): string {
  return JSON.stringify({ item_id: tag, name: `Item ${tag}`, in_stock: true });
}

export function httpText(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ "content-type": "application/json", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${status} Said\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function takeRequest(text: string): { readonly request: ShopRequest; readonly rest: string } | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const bodyEnd = end + 4 + length;
  if (text.length < bodyEnd) return undefined;
  const [method, path] = head.split(" ", 2) as [string, string];
  const isWrite = method === "POST";
  const tag = isWrite
    ? (JSON.parse(text.slice(end + 4, bodyEnd)) as { name: string }).name
    : decodeURIComponent(path.split("/")[2] ?? "");
  return { request: { tag, isWrite }, rest: text.slice(bodyEnd) };
}
