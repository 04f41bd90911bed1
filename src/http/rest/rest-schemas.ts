/** The shapes of the REST door: they validate requests, and the OpenAPI document is generated from them. */
import { z } from "zod";

export const ConversationContextBody = z
  .object({
    thread_id: z.string().max(200).optional().describe("Thread the conversation lives in; Slack replies go there."),
    user_query_history: z
      .array(z.object({ role: z.string().max(50), content: z.string().max(100_000) }))
      .max(200)
      .optional()
      .describe("Earlier turns of the conversation, oldest first."),
  })
  .meta({ id: "ConversationContext", description: "What the call belongs to; connectors use what applies." });

export const ChatRequestBody = z
  .strictObject({
    server_id: z.string().min(1).max(64).optional().describe("The server; X-MCP-Target-Server may stand in for it."),
    tool_name: z
      .string()
      .min(1)
      .max(256)
      .describe("Bare (create_issue) or prefixed with the type (jira:create_issue)."),
    tool_input: z.record(z.string(), z.unknown()).default({}).describe("The tool's own input, by its schema."),
    conversation_context: ConversationContextBody.optional(),
    user_preferences: z.record(z.string(), z.unknown()).optional().describe("Preferences that connectors may use."),
    request_id: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible ASCII characters")
      .optional()
      .describe("Your key for this call; returned as original_request_id."),
    no_cache: z.boolean().optional().describe("Ask the server even where an earlier result could be served."),
    select: z
      .string()
      .max(2000)
      .optional()
      .describe("JMESPath expression applied to the output before it is returned."),
    include_original_request: z.boolean().default(false).describe("Echo the request in the answer."),
  })
  .meta({ id: "ChatRequest", description: "One tool call." });

export const ErrorBody = z
  .object({
    type: z.string(),
    code: z.string().describe("Stable code of the error catalogue."),
    message: z.string(),
    details: z.unknown(),
    retryable: z.boolean().describe("May the same call be sent again?"),
    retry_after_ms: z.number().nullable(),
    suggestion: z.string().describe("What to do next."),
    mcp_server_status_code: z.number().nullable().describe("Status the server behind the tool answered."),
    mcp_server_error_details: z.unknown(),
  })
  .meta({ id: "Error" });

export const ChatSuccessBody = z
  .object({
    status: z.literal("success"),
    server_id: z.string(),
    tool_name: z.string(),
    tool_output: z.unknown(),
    message: z.string(),
    original_request_id: z.string(),
    original_request: z.unknown().optional(),
  })
  .meta({ id: "ChatSuccess" });

export const ChatFailureBody = z
  .object({
    status: z.literal("error"),
    server_id: z.string().nullable(),
    tool_name: z.string().nullable(),
    error: ErrorBody,
    original_request_id: z.string(),
    original_request: z.unknown().optional(),
  })
  .meta({ id: "ChatFailure" });

export const BatchRequestBody = z
  .strictObject({
    calls: z
      .array(
        ChatRequestBody.omit({ include_original_request: true }).extend({
          id: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .describe("Your name for this call: others may refer to its result."),
        }),
      )
      .min(1)
      .max(100)
      .describe(
        'In tool_input {"$from": "<id>", "select": "<JMESPath>"} stands for another call\'s output, {"$literal": …} for its content as it is.',
      ),
    mode: z
      .enum(["parallel", "sequential", "PARALLEL", "SEQUENTIAL"])
      .default("parallel")
      .describe("All at once as far as references allow, or one after the other."),
    stop_on_error: z
      .boolean()
      .default(false)
      .describe("After the first failure no further call is begun; those answer with details.skipped."),
  })
  .meta({ id: "BatchRequest", description: "Several tool calls." });

export const BatchBody = z
  .object({ results: z.array(z.union([ChatSuccessBody, ChatFailureBody])).describe("In the order of the calls.") })
  .meta({ id: "Batch" });

export const ResultQueryParameters = z.strictObject({
  select: z.string().max(2000).optional().describe("JMESPath expression, applied first."),
  search: z
    .string()
    .max(1000)
    .optional()
    .describe("Keeps the items, lines or places that hold this text, in any case."),
  offset: z.coerce.number().int().min(0).optional().describe("First item or character."),
  limit: z.coerce.number().int().min(1).optional().describe("Most items (50 when absent) or characters."),
});

export const ResultBody = z
  .object({
    result_id: z.string(),
    server_id: z.string(),
    tool_name: z.string(),
    kind: z
      .enum(["items", "text", "json_text", "value"])
      .describe(
        "What offset and total count: items of an array, characters of a text or of a value's JSON; or a whole value.",
      ),
    output: z.unknown(),
    total: z.number().int(),
    offset: z.number().int(),
    next_offset: z.number().int().nullable().describe("Where the next page begins; null at the end."),
    expires_at: z.string().describe("ISO 8601."),
  })
  .meta({ id: "ResultPage", description: "A part of a kept result." });

export const ServerBody = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string(),
    status: z.enum(["READY", "STARTING", "DEGRADED", "DISABLED"]),
    status_reason: z.string().nullable(),
    health: z.object({
      circuit: z
        .enum(["closed", "open", "half_open"])
        .describe("open: calls are refused without asking the server; half_open: one call tries whether it is back."),
      circuit_since: z.iso.datetime(),
      recent_errors: z
        .array(z.object({ code: z.string(), message: z.string(), at: z.iso.datetime() }))
        .describe("The server's latest failures, newest first; what a caller did wrong is none."),
      running_calls: z.number().int(),
    }),
    tool_count: z.number().int(),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Server" });

export const ServersBody = z.object({ servers: z.array(ServerBody) }).meta({ id: "Servers" });

export const ToolFormat = z.enum(["mcp", "openai", "anthropic", "gemini"]);

export const ToolsQuery = z.strictObject({
  query: z.string().max(10_000).optional().describe("Need told in words; best matches first."),
  server_id: z.string().max(64).optional(),
  effect: z.enum(["read", "write", "destructive"]).optional(),
  format: ToolFormat.default("mcp").describe("Dialect of the definitions."),
  limit: z.coerce.number().int().min(1).max(10_000).optional().describe("Most tools returned."),
});

export const ToolsBody = z
  .object({
    format: ToolFormat,
    total: z.number().int().describe("How many tools fit before `limit`."),
    tools: z.array(z.record(z.string(), z.unknown())).describe("Definitions in the asked dialect."),
    routes: z
      .record(z.string(), z.object({ server_id: z.string(), tool_name: z.string() }))
      .describe("Name used in `tools` → where to send the call."),
  })
  .meta({ id: "Tools" });

export const TokenBody = z
  .object({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.number().int() })
  .meta({ id: "Token" });

export const HealthBody = z.object({ status: z.literal("UP") }).meta({ id: "Health" });
export const ReadyBody = z
  .object({
    status: z.enum(["READY", "STARTING", "DRAINING"]),
    state: z
      .object({ kind: z.enum(["memory", "redis"]), health: z.enum(["ok", "degraded"]), reason: z.string().optional() })
      .optional()
      .describe("The state that replicas share; degraded: it cannot be reached and the gateway goes on with its own."),
  })
  .meta({ id: "Ready" });
