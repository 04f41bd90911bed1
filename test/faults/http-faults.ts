/** The ways in which a server behind HTTP can fail, each with what callers are owed. */
import type { Socket } from "node:net";
import { MAX_ATTEMPTS, mayHaveActed, neverActed, TIMEOUT_MS, type Fault, type OpenedFault } from "./fault.ts";
import { httpText, itemJson, startFaultyUpstream, type Misbehaviour } from "./faulty-upstream.ts";
import { freePort } from "../support/free-port.ts";

/** Tried as often as the policy allows, since nothing forbids it. */
const TRIED: readonly [number, number] = [MAX_ATTEMPTS, MAX_ATTEMPTS];
const ONCE: readonly [number, number] = [1, 1];
const NEVER: readonly [number, number] = [0, 0];

/** A shop's entry in the configuration: breakers that stay closed, so that every call of a row meets the fault itself. */
export function shopEntry(baseUrl: string): Record<string, unknown> {
  return {
    type: "shop",
    base_url: baseUrl,
    timeout_ms: TIMEOUT_MS,
    retry_policy: { max_attempts: MAX_ATTEMPTS, backoff_ms: 20 },
    circuit_breaker: { volume_threshold: 100_000 },
  };
}

function behind(misbehaviour: Misbehaviour): () => Promise<OpenedFault> {
  return async () => {
    const upstream = await startFaultyUpstream(misbehaviour);
    return { ...upstream, server: shopEntry(`http://127.0.0.1:${upstream.port}`) };
  };
}

const answering = (answer: (socket: Socket, tag: string) => void) =>
  behind({ answer: (socket, { tag }) => answer(socket, tag) });

const broken = mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: TRIED });
const tooSlow = mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 504, retryable: true, sent: ONCE });
const unreadable = mayHaveActed({ code: "DATA_TRANSFORMATION_ERROR", status: 502, retryable: false, sent: ONCE });

export const httpFaults: readonly Fault[] = [
  {
    name: "connection refused",
    ...neverActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: NEVER }),
    open: openRefused,
  },
  {
    name: "reset at connect",
    ...mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: NEVER }),
    open: behind({ accept: (socket) => socket.resetAndDestroy() }),
  },
  {
    name: "reset before the answer",
    ...broken,
    open: answering((socket) => socket.resetAndDestroy()),
  },
  {
    name: "reset within the headers",
    ...broken,
    open: answering((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-ty", () => socket.resetAndDestroy())),
  },
  {
    name: "closed within the headers",
    ...broken,
    open: answering((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-ty")),
  },
  {
    name: "reset within the body",
    ...broken,
    open: answering((socket, tag) =>
      socket.write(httpText(200, itemJson(tag)).slice(0, -10), () => socket.resetAndDestroy()),
    ),
  },
  {
    name: "closed within the body",
    ...broken,
    open: answering((socket, tag) => socket.end(httpText(200, itemJson(tag)).slice(0, -10))),
  },
  { name: "accepts and never answers", ...tooSlow, open: answering(() => {}) },
  { name: "one byte a second", ...tooSlow, open: answering(oneByteASecond) },
  {
    name: "429 with Retry-After",
    ...neverActed({
      code: "MCP_RATE_LIMIT_EXCEEDED",
      status: 429,
      retryable: true,
      // Once the server asked for a wait, nobody is sent to it before that is over.
      sent: [0, 1],
      waitMs: 1_000,
    }),
    open: answering((socket) => socket.write(httpText(429, '{"message":"Too fast."}', { "retry-after": "1" }))),
  },
  {
    name: "429 without Retry-After",
    ...neverActed({ code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, retryable: true, sent: TRIED }),
    open: answering((socket) => socket.write(httpText(429, '{"message":"Too fast."}'))),
  },
  {
    name: "burst of 500",
    ...mayHaveActed({ code: "MCP_SERVER_ERROR", status: 502, retryable: true, sent: ONCE }),
    open: answering((socket) => socket.write(httpText(500, '{"message":"Something went wrong."}'))),
  },
  {
    name: "burst of 503",
    ...mayHaveActed({ code: "MCP_SERVER_ERROR", status: 502, retryable: true, sent: TRIED }),
    open: answering((socket) => socket.write(httpText(503, "<html>Down for maintenance</html>"))),
  },
  { name: "malformed JSON", ...unreadable, open: answering((socket) => socket.write(httpText(200, '{"item_id": '))) },
  {
    name: "a page instead of JSON",
    ...unreadable,
    open: answering((socket) => socket.write(httpText(200, "<html>Sign in</html>", { "content-type": "text/html" }))),
  },
  { name: "no HTTP at all", ...unreadable, open: answering((socket) => socket.write("+OK ready\r\n+OK\r\n")) },
  { name: "headers without end", ...unreadable, open: answering(endlessHeaders) },
  { name: "huge body", ...unreadable, open: answering(hugeBody) },
  {
    name: "name that does not resolve",
    ...neverActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: NEVER }),
    open: () => Promise.resolve(unreachable("http://nowhere.invalid")),
  },
];

export function unreachable(baseUrl: string): OpenedFault {
  return {
    server: shopEntry(baseUrl),
    seen: () => 0,
    connections: () => 0,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openRefused(): Promise<OpenedFault> {
  const port = await freePort();
  let healed: Awaited<ReturnType<typeof startFaultyUpstream>> | undefined;
  return {
    server: shopEntry(`http://127.0.0.1:${port}`),
    seen: (tag) => healed?.seen(tag) ?? 0,
    connections: () => 0,
    heal: async () => {
      healed = await startFaultyUpstream({}, { port });
    },
    [Symbol.asyncDispose]: async () => healed?.[Symbol.asyncDispose](),
  };
}

function oneByteASecond(socket: Socket, tag: string): void {
  const text = httpText(200, itemJson(tag));
  let sent = 0;
  const timer = setInterval(() => socket.write(text[(sent += 1)] ?? ""), 1_000);
  socket.write(text[0]!);
  socket.once("close", () => clearInterval(timer));
}

/** Writes as fast as the other side reads, until that hangs up or the given number of bytes is sent. */
function pour(socket: Socket, piece: Buffer, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
    socket.off("drain", more);
  };
  socket.on("drain", more);
  more();
}

function endlessHeaders(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\n");
  pour(socket, Buffer.from(`x-more: ${"x".repeat(1_000)}\r\n`.repeat(16)), 32 * 1024 * 1024);
}

function hugeBody(socket: Socket): void {
  const bytes = 64 * 1024 * 1024;
  socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`);
  pour(socket, Buffer.alloc(256 * 1024, 0x20), bytes);
}
