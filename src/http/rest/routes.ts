/** The REST routes as data: the router serves them and the OpenAPI document describes them. */
import type { z } from "zod";
import type { Admission, Gateway } from "../../gateway.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { jsonAnswer } from "./answers.ts";
import { issueToken } from "./issue-token.ts";
import { listServers, oneServer } from "./list-servers.ts";
import { listTools } from "./list-tools.ts";
import { metricsAnswer } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import {
  BatchBody,
  BatchRequestBody,
  ChatFailureBody,
  ChatRequestBody,
  ChatSuccessBody,
  HealthBody,
  ReadyBody,
  ResultBody,
  ResultQueryParameters,
  ServerBody,
  ServersBody,
  TokenBody,
  ToolsBody,
  ToolsQuery,
} from "./rest-schemas.ts";
import { oneResult } from "./read-result.ts";
import { runBatch } from "./run-batch.ts";
import { chat, runByPath } from "./run-tool.ts";

export interface RouteCall {
  readonly gateway: Gateway;
  readonly request: DoorRequest;
  readonly requestId: string;
  /** The gateway listens on a loopback address. */
  readonly isLoopback: boolean;
  /** Decoded path parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** With `{name}` for parameters, as OpenAPI writes them. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Open to callers without a credential. */
  readonly isPublic?: boolean;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestBody?: z.ZodType;
  /** By status, or by a range as OpenAPI writes it: `4XX`. */
  readonly responses: Readonly<Record<number | `${number}XX`, z.ZodType | undefined>>;
  handle(call: RouteCall): DoorResponse | Promise<DoorResponse>;
}

/** The ranges hold the statuses that a server's own refusal passes on, policy's, and those of servers that cannot be used. */
const failures = {
  400: ChatFailureBody,
  401: ChatFailureBody,
  404: ChatFailureBody,
  "4XX": ChatFailureBody,
  "5XX": ChatFailureBody,
};

const answersOfACall = {
  200: ChatSuccessBody,
  ...failures,
  413: ChatFailureBody,
  429: ChatFailureBody,
  502: ChatFailureBody,
  503: ChatFailureBody,
};

const ofEveryCall = {
  "X-Request-ID": "Correlation id, returned and logged.",
  "X-Request-Timeout-Ms":
    "How long you wait, milliseconds; shortens the server's own time. When it is up, the work is given up.",
  traceparent: "Your place in a W3C trace; passed on to the server.",
};

/** A route that answers what it computes from the caller's view. */
function admitted(compute: (admission: Admission, call: RouteCall) => unknown): Route["handle"] {
  return async (call) => {
    const admission = await call.gateway.admit(call.request, call.requestId);
    return jsonAnswer(200, await compute(admission, call), call.requestId);
  };
}

export const routes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/mcp/chat",
    operationId: "runTool",
    summary: "Runs one tool.",
    headers: { "X-MCP-Target-Server": "Stands in for server_id.", ...ofEveryCall },
    requestBody: ChatRequestBody,
    responses: answersOfACall,
    handle: ({ gateway, request, requestId }) => chat(gateway, request, requestId),
  },
  {
    method: "POST",
    path: "/api/v1/mcp/servers/{server_id}/tools/{tool_name}",
    operationId: "runToolByPath",
    summary: "Runs one tool; the body is its input.",
    headers: { "Idempotency-Key": "Stands in for request_id.", ...ofEveryCall },
    requestBody: ChatRequestBody.shape.tool_input,
    responses: answersOfACall,
    handle: ({ gateway, request, requestId, parameters }) =>
      runByPath(gateway, request, requestId, parameters.server_id ?? "", parameters.tool_name ?? ""),
  },
  {
    method: "POST",
    path: "/api/v1/mcp/batch",
    operationId: "runTools",
    summary: "Runs several tools; inputs may refer to other calls' results.",
    headers: { "X-MCP-Target-Server": "Stands in for server_id of calls without one.", ...ofEveryCall },
    requestBody: BatchRequestBody,
    responses: { 200: BatchBody, ...failures },
    handle: ({ gateway, request, requestId }) => runBatch(gateway, request, requestId),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/results/{result_id}",
    operationId: "readResult",
    summary: "A part of a result that was too large to return at once.",
    query: ResultQueryParameters,
    responses: { 200: ResultBody, ...failures },
    handle: admitted((admission, { gateway, request, parameters }) =>
      oneResult(gateway.results, admission, parameters.result_id ?? "", request.query),
    ),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/servers",
    operationId: "listServers",
    summary: "The servers you may use.",
    responses: { 200: ServersBody, ...failures },
    handle: admitted((admission) => listServers(admission)),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/servers/{server_id}",
    operationId: "getServer",
    summary: "One server and how it is.",
    responses: { 200: ServerBody, ...failures },
    handle: admitted((admission, { parameters }) => oneServer(admission, parameters.server_id ?? "")),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/tools",
    operationId: "listTools",
    summary: "The tools you may use, with their schemas; searched when query is given.",
    query: ToolsQuery,
    responses: { 200: ToolsBody, ...failures },
    handle: admitted((admission, { request }) => listTools(admission, request.query)),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/health",
    operationId: "health",
    summary: "The process lives. No upstream is asked.",
    isPublic: true,
    responses: { 200: HealthBody },
    handle: ({ requestId }) => jsonAnswer(200, { status: "UP" }, requestId),
  },
  {
    method: "GET",
    path: "/api/v1/mcp/ready",
    operationId: "ready",
    summary: "May traffic be sent here? 503 until the first generation serves and while draining.",
    isPublic: true,
    responses: { 200: ReadyBody, 503: ReadyBody },
    handle: ({ gateway, requestId }) =>
      jsonAnswer(gateway.state === "READY" ? 200 : 503, { status: gateway.state, ...gateway.sharedState }, requestId),
  },
  {
    method: "POST",
    path: "/api/v1/auth/token",
    operationId: "issueToken",
    summary: "OAuth 2 client-credentials grant for service accounts.",
    isPublic: true,
    responses: { 200: TokenBody, 400: undefined, 401: undefined },
    handle: ({ gateway, request, requestId }) => issueToken(gateway, request, requestId),
  },
  {
    method: "GET",
    path: "/metrics",
    operationId: "metrics",
    summary:
      "Prometheus text. Open while the gateway listens on a loopback address; else for callers with the role operator or metrics, or any caller where there are no policies.",
    responses: { 200: undefined, ...failures },
    handle: metricsAnswer,
  },
  {
    method: "GET",
    path: "/api/v1/openapi.json",
    operationId: "openapi",
    summary: "This document.",
    isPublic: true,
    responses: { 200: undefined },
    handle: ({ requestId }) => jsonAnswer(200, openApiDocument(routes), requestId),
  },
];
