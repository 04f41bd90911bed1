/** The ways in which an MCP server behind HTTP can fail once it was connected. */
import type { ServerResponse } from "node:http";
import { startUpstream } from "../support/upstream.ts";
import { MAX_ATTEMPTS, mayHaveActed, neverActed, TIMEOUT_MS, type Fault, type OpenedFault } from "./fault.ts";
import { mcpAnswer, tagOf, type McpMessage } from "./shop-tools.ts";

const TRIED: readonly [number, number] = [MAX_ATTEMPTS, MAX_ATTEMPTS];
const ONCE: readonly [number, number] = [1, 1];
const JSON_TYPE = { "content-type": "application/json" };

const broken = mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: true, sent: TRIED });
const tooSlow = mayHaveActed({ code: "MCP_CONNECTION_ERROR", status: 504, retryable: true, sent: ONCE });
const unreadable = mayHaveActed({ code: "DATA_TRANSFORMATION_ERROR", status: 502, retryable: false, sent: ONCE });

export const mcpHttpFaults: readonly Fault[] = [
  { name: "MCP HTTP: reset before the answer", ...broken, open: answering(reset) },
  {
    name: "MCP HTTP: reset within the body",
    ...broken,
    open: answering((response, text) => {
      response.writeHead(200, { ...JSON_TYPE, "content-length": String(text.length) });
      response.write(text.slice(0, -10), () => reset(response));
    }),
  },
  {
    name: "MCP HTTP: event stream breaks off",
    ...broken,
    open: answering((response, text) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`event: message\ndata: ${text.slice(0, -10)}`, () => reset(response));
    }),
  },
  { name: "MCP HTTP: never answers", ...tooSlow, open: answering(() => {}) },
  {
    name: "MCP HTTP: stream without an event",
    ...tooSlow,
    open: answering((response) => response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders()),
  },
  {
    name: "MCP HTTP: burst of 500",
    ...mayHaveActed({ code: "MCP_SERVER_ERROR", status: 502, retryable: true, sent: ONCE }),
    open: answering((response) => response.writeHead(500).end("Something went wrong")),
  },
  {
    name: "MCP HTTP: burst of 503",
    ...mayHaveActed({ code: "MCP_SERVER_ERROR", status: 502, retryable: true, sent: TRIED }),
    open: answering((response) => response.writeHead(503).end("<html>Down</html>")),
  },
  {
    name: "MCP HTTP: 429",
    ...neverActed({ code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, retryable: true, sent: TRIED }),
    open: answering((response) => response.writeHead(429).end("Too fast")),
  },
  {
    name: "MCP HTTP: malformed JSON",
    ...unreadable,
    open: answering((response, text) => response.writeHead(200, JSON_TYPE).end(text.slice(0, -10))),
  },
];

function answering(misbehave: (response: ServerResponse, text: string) => void): () => Promise<OpenedFault> {
  return async () => {
    const tags: string[] = [];
    let isWell = false;
    const upstream = await startUpstream(({ method, body }, response) => {
      if (method !== "POST") return { status: 405 };
      const message = JSON.parse(body) as McpMessage;
      if (message.id === undefined) return { status: 202 };
      const tag = tagOf(message);
      if (tag !== undefined) tags.push(tag);
      const text = mcpAnswer(message);
      if (tag === undefined || isWell) return { headers: JSON_TYPE, text };
      misbehave(response, text);
    });
    return {
      server: {
        type: "mcp",
        timeout_ms: TIMEOUT_MS,
        retry_policy: { max_attempts: MAX_ATTEMPTS, backoff_ms: 20 },
        circuit_breaker: { volume_threshold: 100_000 },
        server_specific_config: { url: `${upstream.url}/mcp` },
      },
      seen: (tag) => tags.filter((each) => each === tag).length,
      connections: () => 0,
      heal: () => void (isWell = true),
      [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
    };
  };
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
