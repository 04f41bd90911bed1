/** The server behind the shop connector: an item's id says how the server behaves when it is asked for it. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../support/upstream.ts";

export interface Shop extends Upstream {
  /** Resolves when the nth request for that path has arrived. */
  arrived(path: string, count?: number): Promise<void>;
  /** Lets every waiting `gate-…` request go on. */
  openGate(): void;
}

/**
 * `status-418` answers that status, `limited` 429, `hang` never, `reset` breaks the connection, `halfway` breaks it
 * within the answer, `html` a page, `odd` another shape, `huge` 100 MB, `gate-…` once the gate is opened, `meet-…` once
 * two of them are there.
 */
export async function startShop(): Promise<Shop> {
  const gate = Promise.withResolvers<void>();
  const meeting = Promise.withResolvers<void>();
  let met = 0;
  const waiting: { path: string; count: number; resolve: () => void }[] = [];
  const counts = new Map<string, number>();
  const upstream = await startUpstream(async (request, response) => {
    counts.set(request.path, (counts.get(request.path) ?? 0) + 1);
    for (const each of waiting) if ((counts.get(each.path) ?? 0) >= each.count) each.resolve();
    const id = idOf(request);
    if (id.startsWith("gate-")) await gate.promise;
    if (id.startsWith("meet-")) {
      met += 1;
      if (met === 2) meeting.resolve();
      await meeting.promise;
    }
    return answer(request, id, response);
  });
  return {
    url: upstream.url,
    requests: upstream.requests,
    arrived: (path, count = 1) =>
      (counts.get(path) ?? 0) >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ path, count, resolve })),
    openGate: () => gate.resolve(),
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}

function idOf({ method, path, body }: ReceivedRequest): string {
  if (method === "POST") return (JSON.parse(body) as { name: string }).name;
  return decodeURIComponent(path.split("/")[2] ?? "");
}

function answer(request: ReceivedRequest, id: string, response: ServerResponse): Answer | void | Promise<void> {
  const status = /^status-(\d{3})$/.exec(id)?.[1];
  if (status !== undefined) return { status: Number(status), json: { message: `The shop says ${status}.` } };
  switch (id) {
    case "limited":
      return { status: 429, headers: { "retry-after": "7" }, json: { message: "Too fast." } };
    case "hang":
      return;
    case "reset":
      return void response.destroy();
    case "halfway":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"item_id":');
      return void setImmediate(() => response.destroy());
    case "html":
      return { headers: { "content-type": "text/html" }, text: "<html><body>Welcome</body></html>" };
    case "odd":
      return { json: { surprise: true } };
    case "huge":
      return sendHuge(response);
    default:
  }
  if (request.path === "/items" && request.method === "GET") {
    const limit = Number(request.query.get("limit"));
    return { json: { items: Array.from({ length: limit }, (_, index) => item(String(index + 1))), more: true } };
  }
  return { json: item(id) };
}

function item(id: string): Record<string, unknown> {
  return { item_id: id, name: `Item ${id}`, in_stock: true };
}

async function sendHuge(response: ServerResponse): Promise<void> {
  const megabyte = Buffer.alloc(1024 * 1024, 0x20);
  response.writeHead(200, { "content-type": "application/json" });
  const closed = new AbortController();
  response.once("close", () => closed.abort());
  try {
    for (let sent = 0; sent < 100; sent += 1) {
      if (!response.write(megabyte)) await once(response, "drain", { signal: closed.signal });
    }
    response.end("{}");
  } catch {
    // The gateway hung up, as it should.
  }
}
