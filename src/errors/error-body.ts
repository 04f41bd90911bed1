/** A catalogue error as data for callers, in the two spellings of the doors: snake_case for REST and MCP, camelCase for GraphQL. */
import type { Effect } from "../connector/tool.ts";
import type { CatalogueError } from "./catalogue-error.ts";

/** `error` of a REST answer. */
export interface RestErrorBody {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly retry_after_ms: number | null;
  readonly suggestion: string;
  readonly mcp_server_status_code: number | null;
  readonly mcp_server_error_details: unknown;
}

/** `ToolError` of the graph; also the `extensions` of a typed field's error. */
export interface GraphqlErrorBody {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly suggestion: string;
  readonly mcpServerStatusCode: number | null;
  readonly mcpServerErrorDetails: unknown;
}

/** What callers are told to wait where a server limits them and does not say for how long, milliseconds. */
const UNTOLD_WAIT_MS = 1_000;

/** Milliseconds to wait before another try; every 429 has one. */
export function waitMsOf({ retryAfterMs, status }: CatalogueError): number | undefined {
  return retryAfterMs ?? (status === 429 ? UNTOLD_WAIT_MS : undefined);
}

/** `effect` is the tool's, where a tool was resolved: it decides whether a connection fault is retryable. */
export function restErrorBody(error: CatalogueError, effect?: Effect): RestErrorBody {
  return {
    type: error.type,
    code: error.code,
    message: error.message,
    details: error.details ?? null,
    retryable: error.isRetryable(effect),
    retry_after_ms: waitMsOf(error) ?? null,
    suggestion: error.suggestion,
    mcp_server_status_code: error.serverStatusCode ?? null,
    mcp_server_error_details: error.serverErrorDetails ?? null,
  };
}

export function graphqlErrorBody(error: CatalogueError, effect?: Effect): GraphqlErrorBody {
  const body = restErrorBody(error, effect);
  return {
    type: body.type,
    code: body.code,
    message: body.message,
    details: body.details,
    retryable: body.retryable,
    retryAfterMs: body.retry_after_ms,
    suggestion: body.suggestion,
    mcpServerStatusCode: body.mcp_server_status_code,
    mcpServerErrorDetails: body.mcp_server_error_details,
  };
}
