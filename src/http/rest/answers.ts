/** Spells a tool execution, or an error before there was one, as the REST door's JSON. */
import type { CatalogueError } from "../../errors/catalogue-error.ts";
import { restErrorBody, waitMsOf } from "../../errors/error-body.ts";
import type { ToolExecution } from "../../pipeline/tool-execution.ts";
import type { DoorResponse } from "../door-request.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** The answer to a tool call. The output's JSON text is spliced in: it was serialised once, by the pipeline. */
export function executionAnswer(execution: ToolExecution, requestId: string, originalRequest?: unknown): DoorResponse {
  const { error } = execution;
  if (error) {
    return errorAnswer(error, {
      requestId,
      serverId: execution.serverId,
      toolName: execution.toolName,
      originalRequestId: execution.originalRequestId,
      effect: execution.effect,
      originalRequest,
    });
  }
  const echo = originalRequest === undefined ? "" : `,"original_request":${JSON.stringify(originalRequest)}`;
  const output = execution.outputJson ?? "null";
  // Counted already, and by far the longest part.
  const outputBytes = execution.outputJson === undefined ? output.length : execution.bytesReturned;
  const before = `{"status":"success","server_id":${JSON.stringify(execution.serverId)},"tool_name":${JSON.stringify(execution.toolName)},"tool_output":`;
  const after = `,"message":${JSON.stringify(execution.message)},"original_request_id":${JSON.stringify(execution.originalRequestId)}${echo}}`;
  // One plain literal, without spreads: node walks over it faster.
  const headers: Record<string, string> = {
    "content-type": JSON_TYPE,
    "content-length": String(Buffer.byteLength(before) + Buffer.byteLength(after) + outputBytes),
    "x-request-id": requestId,
    "x-tool-bytes-received": String(execution.bytesReceived),
    "x-tool-bytes-returned": String(execution.bytesReturned),
  };
  // RFC 9111 section 5.1: seconds since the answer was made.
  if (execution.cached) headers.age = String(Math.floor((execution.ageMs ?? 0) / 1000));
  if (execution.replayed) headers["idempotent-replayed"] = "true";
  return { status: 200, headers, body: `${before}${output}${after}` };
}

/** The answers of several calls, each as it would be alone. */
export function batchAnswer(executions: readonly ToolExecution[], requestId: string): DoorResponse {
  const results = executions.map((execution) => executionAnswer(execution, requestId).body);
  return {
    status: 200,
    headers: { "content-type": JSON_TYPE, "x-request-id": requestId },
    body: `{"results":[${results.join(",")}]}`,
  };
}

export interface ErrorContext {
  readonly requestId: string;
  readonly serverId?: string | undefined;
  readonly toolName?: string | undefined;
  readonly originalRequestId?: string | undefined;
  readonly effect?: ToolExecution["effect"];
  readonly originalRequest?: unknown;
}

export function errorAnswer(error: CatalogueError, context: ErrorContext): DoorResponse {
  const body = {
    status: "error",
    server_id: context.serverId ?? null,
    tool_name: context.toolName ?? null,
    error: restErrorBody(error, context.effect),
    original_request_id: context.originalRequestId ?? context.requestId,
    ...(context.originalRequest !== undefined && { original_request: context.originalRequest }),
  };
  return {
    status: error.status,
    headers: { "content-type": JSON_TYPE, "x-request-id": context.requestId, ...errorHeaders(error) },
    body: JSON.stringify(body),
  };
}

/** `Retry-After` in whole seconds (RFC 9110 section 10.2.3) and the challenge of a 401 (section 11.6.1). */
export function errorHeaders(error: CatalogueError): Record<string, string> {
  const waitMs = waitMsOf(error);
  return {
    ...(waitMs !== undefined && { "retry-after": String(Math.ceil(waitMs / 1000)) }),
    ...(error.status === 401 && { "www-authenticate": 'Bearer realm="toolgraph"' }),
  };
}

export function jsonAnswer(
  status: number,
  value: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): DoorResponse {
  return {
    status,
    headers: { "content-type": JSON_TYPE, "x-request-id": requestId, ...headers },
    body: JSON.stringify(value),
  };
}
