/** A TCP server that speaks HTTP as badly as a test wants: it is handed the socket once a request arrived. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** First line of every request. */
  readonly requests: string[];
  /** Resolves when the first request arrived. */
  readonly asked: Promise<void>;
}

/** @example await using server = await startRawServer((socket) => socket.resetAndDestroy()); */
export async function startRawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", (chunk) => {
      requests.push(chunk.toString("latin1").split("\r\n", 1)[0]!);
      asked.resolve();
      answer(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    asked: asked.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
