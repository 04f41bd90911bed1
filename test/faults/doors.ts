/** The doors of the suite: each sends a read or a write of one item and tells in one form what the caller got. */
import type { Agent } from "undici";
import { request } from "undici";

export type DoorName = "rest" | "executeTool" | "typed";
export const DOORS: readonly DoorName[] = ["rest", "executeTool", "typed"];

export interface ItemCall {
  readonly serverId: string;
  /** Where its fields are in the graph. */
  readonly namespace: string;
  readonly effect: "read" | "write";
  readonly tag: string;
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

export interface Got {
  readonly httpStatus: number;
  /** A catalogue code, or `success`. */
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly isUnknown: boolean;
  readonly tookMs: number;
  /** The whole answer, to see that nothing leaks. */
  readonly text: string;
}

interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
  readonly retryable?: boolean;
  readonly details?: { readonly outcome?: string } | null;
  readonly retry_after_ms?: number | null;
  readonly retryAfterMs?: number | null;
}

export class Caller {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, agent: Agent) {
    this.#url = url;
    this.#agent = agent;
  }

  async call(door: DoorName, call: ItemCall): Promise<Got> {
    const { path, body } = bodyOf(door, call);
    const startedAt = performance.now();
    const response = await request(this.#url + path, {
      method: "POST",
      dispatcher: this.#agent,
      headers: { authorization: "Bearer developer-token-of-the-tests", "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(call.signal && { signal: call.signal }),
    });
    const text = await response.body.text();
    const tookMs = performance.now() - startedAt;
    const error = errorIn(door, JSON.parse(text));
    return {
      httpStatus: response.statusCode,
      code: error?.code ?? "success",
      message: error?.message ?? "",
      suggestion: error?.suggestion ?? "",
      retryable: error?.retryable ?? false,
      retryAfterMs: error?.retry_after_ms ?? error?.retryAfterMs ?? undefined,
      isUnknown: error?.details?.outcome === "unknown",
      tookMs,
      text,
    };
  }
}

function bodyOf(door: DoorName, call: ItemCall): { readonly path: string; readonly body: unknown } {
  const { serverId, effect, tag, requestId } = call;
  const toolName = effect === "read" ? "get_item" : "add_item";
  const input = effect === "read" ? { item_id: tag } : { name: tag };
  switch (door) {
    case "rest":
      return {
        path: "/api/v1/mcp/chat",
        body: { server_id: serverId, tool_name: toolName, tool_input: input, request_id: requestId },
      };
    case "executeTool":
      return {
        path: "/graphql",
        body: {
          query: `mutation ($serverId: ID!, $toolName: String!, $input: JSON, $requestId: String) {
            executeTool(serverId: $serverId, toolName: $toolName, input: $input, requestId: $requestId) {
              status error { code message suggestion retryable retryAfterMs details mcpServerErrorDetails } } }`,
          variables: { serverId, toolName, input, requestId },
        },
      };
    case "typed":
      return { path: "/graphql", body: typedOperation(call) };
  }
}

function typedOperation({ namespace, effect, tag, requestId }: ItemCall): unknown {
  return effect === "read"
    ? { query: `query ($tag: String!) { ${namespace} { getItem(itemId: $tag) { name } } }`, variables: { tag } }
    : {
        query: `mutation ($tag: String!, $requestId: String) {
          ${namespace} { addItem(name: $tag, requestId: $requestId) { name } } }`,
        variables: { tag, requestId },
      };
}

function errorIn(door: DoorName, answer: unknown): ErrorBody | undefined {
  const { error, data, errors } = answer as {
    error?: ErrorBody;
    data?: { executeTool?: { error: ErrorBody | null } } | null;
    errors?: readonly { readonly message: string; readonly extensions: Omit<ErrorBody, "message"> }[];
  };
  if (door === "rest") return error;
  const [first] = errors ?? [];
  if (first) return { ...first.extensions, message: first.message };
  return door === "executeTool" ? (data?.executeTool?.error ?? undefined) : undefined;
}
