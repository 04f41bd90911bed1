/** `POST /api/v1/mcp/chat` and the route by path: one tool call from JSON to JSON. */
import { toCatalogueError } from "../../errors/catalogue-error.ts";
import { validationError } from "../../errors/validation-error.ts";
import type { Admission, Gateway } from "../../gateway.ts";
import type { ToolCall } from "../../pipeline/tool-call.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { logRefusal } from "../log-refusal.ts";
import { errorAnswer, executionAnswer } from "./answers.ts";
import { readChat, type Chat, type ChatCall } from "./read-chat.ts";

/** The body names server and tool. */
export async function chat(gateway: Gateway, request: DoorRequest, requestId: string): Promise<DoorResponse> {
  let body: unknown;
  try {
    const admitted = gateway.admit(request, requestId);
    const admission = admitted instanceof Promise ? await admitted : admitted;
    body = parseJson(await request.body(admission.generation.settings.gateway.limits.bodyBytes));
    const call = withServer(readChat(body), request.header("x-mcp-target-server"));
    const execution = await gateway.run(toolCallOf(call, admission, request, requestId), admission);
    return executionAnswer(execution, requestId, call.include_original_request ? call : undefined);
  } catch (thrown) {
    const error = toCatalogueError(thrown);
    logRefusal(gateway.log, error, thrown, requestId);
    return errorAnswer(error, { requestId, ...namesIn(body) });
  }
}

/** The path names server and tool; the body is the tool's input. `?select=` and `Idempotency-Key` are honoured. */
export async function runByPath(
  gateway: Gateway,
  request: DoorRequest,
  requestId: string,
  serverId: string,
  toolName: string,
): Promise<DoorResponse> {
  try {
    const admission = await gateway.admit(request, requestId);
    const bytes = await request.body(admission.generation.settings.gateway.limits.bodyBytes);
    const call = readChat({
      server_id: serverId,
      tool_name: toolName,
      tool_input: bytes.byteLength === 0 ? {} : parseJson(bytes),
      select: request.query.get("select") ?? undefined,
      request_id: request.header("idempotency-key"),
    });
    const execution = await gateway.run(
      toolCallOf({ ...call, server_id: serverId }, admission, request, requestId),
      admission,
    );
    return executionAnswer(execution, requestId);
  } catch (thrown) {
    const error = toCatalogueError(thrown);
    logRefusal(gateway.log, error, thrown, requestId);
    return errorAnswer(error, { requestId, serverId, toolName });
  }
}

/** A call of this door as the pipeline knows it. */
export function toolCallOf(
  call: Omit<ChatCall, "include_original_request">,
  admission: Admission,
  request: DoorRequest,
  requestId: string,
): ToolCall {
  const context = call.conversation_context;
  return {
    door: "rest",
    caller: admission.caller,
    serverId: call.server_id,
    toolName: call.tool_name,
    input: call.tool_input,
    correlationId: requestId,
    requestId: call.request_id,
    noCache: call.no_cache,
    select: call.select,
    conversationContext: context && {
      ...(context.thread_id !== undefined && { threadId: context.thread_id }),
      ...(context.user_query_history && { userQueryHistory: context.user_query_history }),
    },
    userPreferences: call.user_preferences,
    signal: request.signal,
  };
}

function withServer(body: Chat, header: string | undefined): ChatCall {
  if (body.server_id !== undefined && header !== undefined && body.server_id !== header) {
    throw validationError("The request", [
      {
        path: "server_id",
        problem: "differs from X-MCP-Target-Server",
        expected: "the same server, or only one of the two",
      },
    ]);
  }
  if (header === undefined && isAddressed(body)) return body;
  const serverId = body.server_id ?? header;
  if (serverId === undefined || serverId === "") {
    throw validationError("The request", [
      { path: "server_id", problem: "is required", expected: "a server id, here or in X-MCP-Target-Server" },
    ]);
  }
  return { ...body, server_id: serverId };
}

function isAddressed(body: Chat): body is ChatCall {
  return body.server_id !== undefined;
}

/** Server and tool of a body that was refused, so that its answer can still name them. */
function namesIn(body: unknown): { serverId?: string; toolName?: string } {
  if (typeof body !== "object" || body === null) return {};
  const { server_id, tool_name } = body as Record<string, unknown>;
  return {
    ...(typeof server_id === "string" && { serverId: server_id.slice(0, 64) }),
    ...(typeof tool_name === "string" && { toolName: tool_name.slice(0, 256) }),
  };
}
