/** `ToolExecution` and the mutations that run tools by name: `executeTool`, `executeTools`. */
import { builder } from "../builder.ts";
import { executeTool, executeTools } from "../../resolvers/execute-tools.ts";
import { graphqlErrorBody, type GraphqlErrorBody } from "../../src/errors/error-body.ts";
import type { ToolExecution as ToolExecutionShape } from "../../src/pipeline/tool-execution.ts";
import { WrittenJson } from "../../src/results/written-json.ts";
import { toolCost } from "../tool-cost.ts";
import { ExecutionMode, ExecutionStatus } from "./enums.ts";

const ToolError = builder.objectRef<GraphqlErrorBody>("ToolError").implement({
  description: "Why a tool failed and what to do next; code is an entry of the error catalogue.",
  fields: (t) => ({
    type: t.exposeString("type"),
    code: t.exposeString("code"),
    message: t.exposeString("message"),
    details: t.field({ type: "JSON", nullable: true, resolve: (error) => error.details }),
    retryable: t.exposeBoolean("retryable"),
    retryAfterMs: t.exposeInt("retryAfterMs", { nullable: true }),
    suggestion: t.exposeString("suggestion", { nullable: true }),
    mcpServerStatusCode: t.exposeInt("mcpServerStatusCode", { nullable: true }),
    mcpServerErrorDetails: t.field({ type: "JSON", nullable: true, resolve: (error) => error.mcpServerErrorDetails }),
  }),
});

export const ToolExecution = builder.objectRef<ToolExecutionShape>("ToolExecution").implement({
  description: "What came of one tool call. A failed tool is an answer, not a GraphQL error.",
  fields: (t) => ({
    status: t.field({ type: ExecutionStatus, resolve: (execution) => execution.status }),
    serverId: t.exposeID("serverId"),
    toolName: t.exposeString("toolName"),
    output: t.field({
      type: "JSON",
      nullable: true,
      resolve: ({ output, outputJson }) => (outputJson === undefined ? output : new WrittenJson(output, outputJson)),
    }),
    message: t.exposeString("message", { nullable: true }),
    error: t.field({
      type: ToolError,
      nullable: true,
      resolve: ({ error, effect }) => (error ? graphqlErrorBody(error, effect) : null),
    }),
    originalRequestId: t.exposeString("originalRequestId", { nullable: true }),
    executionId: t.exposeID("executionId"),
    durationMs: t.exposeFloat("durationMs"),
    attempts: t.exposeInt("attempts", {
      description: "How often the server was asked for this call; calls that shared one request count it once.",
    }),
    cached: t.exposeBoolean("cached", { description: "The output was read by an earlier call." }),
    ageMs: t.exposeFloat("ageMs", {
      nullable: true,
      description: "Of a cached output: milliseconds since it was read.",
    }),
    replayed: t.exposeBoolean("replayed", {
      description: "The outcome is that of an earlier call with the same requestId; nothing was done again.",
    }),
    resultId: t.exposeID("resultId", {
      nullable: true,
      description: "The output was too large: it says so, and result(id:) reads the whole in parts.",
    }),
    bytesReceived: t.exposeFloat("bytesReceived", { description: "Bytes the server answered for this call." }),
    bytesReturned: t.exposeFloat("bytesReturned", { description: "Bytes of the output's JSON after shaping." }),
  }),
});

const ConversationTurnInput = builder.inputType("ConversationTurnInput", {
  fields: (t) => ({ role: t.string({ required: true }), content: t.string({ required: true }) }),
});

const ConversationContextInput = builder.inputType("ConversationContextInput", {
  description: "What the call belongs to; connectors use what applies (Slack replies in the thread).",
  fields: (t) => ({
    threadId: t.string(),
    userQueryHistory: t.field({ type: [ConversationTurnInput] }),
  }),
});

const ToolCallInput = builder.inputType("ToolCallInput", {
  fields: (t) => ({
    id: t.string({ description: "Your name for this call: later calls may refer to its result by it." }),
    serverId: t.id({ required: true }),
    toolName: t.string({ required: true }),
    input: t.field({
      type: "JSON",
      description:
        'The tool\'s input. {"$from": "<id>", "select": "<JMESPath>"} anywhere in it stands for another call\'s output; {"$literal": …} for its content as it is.',
    }),
    select: t.string({ description: "JMESPath applied to the output that you get; references see the whole output." }),
    requestId: t.string(),
    noCache: t.boolean({ description: "Ask the server even where an earlier result could be served." }),
  }),
});

builder.mutationFields((t) => ({
  executeTool: t.field({
    type: ToolExecution,
    extensions: { cost: toolCost("write") },
    description:
      "Runs one tool by name. Several of these in one operation run one after the other; use executeTools for parallel ones.",
    // None of them may have a `validate`: static-schema.ts leads past the plugin that would look at it.
    args: {
      serverId: t.arg.id({ required: true }),
      toolName: t.arg.string({ required: true }),
      input: t.arg({ type: "JSON" }),
      select: t.arg.string({ description: "JMESPath applied to the output before it is returned." }),
      requestId: t.arg.string({ description: "Your key for this call, at most 200 characters." }),
      noCache: t.arg.boolean({ description: "Ask the server even where an earlier result could be served." }),
      conversationContext: t.arg({ type: ConversationContextInput }),
      userPreferences: t.arg({ type: "JSON" }),
    },
    resolve: (_root, args, context) => executeTool(context, args),
  }),
  executeTools: t.field({
    type: [ToolExecution],
    extensions: { cost: toolCost("write"), sizedBy: "calls" },
    description:
      "Runs several tools in one request; each call has an answer, in the order of the calls. Inputs may refer to other calls' outputs; calls run as soon as what they refer to is there.",
    args: {
      calls: t.arg({ type: [ToolCallInput], required: true, validate: { maxLength: 100 } }),
      mode: t.arg({ type: ExecutionMode, defaultValue: "PARALLEL" }),
      stopOnError: t.arg.boolean({
        defaultValue: false,
        description: "After the first failure no further call is begun; those answer with details.skipped.",
      }),
    },
    resolve: (_root, args, context) => executeTools(context, args),
  }),
}));
