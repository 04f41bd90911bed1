/** `POST /api/v1/mcp/batch`: several tool calls in one request, each answered as `chat` answers it. */
import { runCalls } from "../../dataflow/run-calls.ts";
import { validationError } from "../../errors/validation-error.ts";
import type { Gateway } from "../../gateway.ts";
import { Batching, travelsTogether } from "../../pipeline/batching.ts";
import { zodProblems } from "../../validation/zod-problems.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { batchAnswer } from "./answers.ts";
import { BatchRequestBody } from "./rest-schemas.ts";
import { toolCallOf } from "./run-tool.ts";

/** `VALIDATION_ERROR` before anything runs; after that 200, each result with its own status. */
export async function runBatch(gateway: Gateway, request: DoorRequest, requestId: string): Promise<DoorResponse> {
  const admission = await gateway.admit(request, requestId);
  const { bodyBytes, concurrentCallsPerCaller } = admission.generation.settings.gateway.limits;
  const parsed = BatchRequestBody.safeParse(parseJson(await request.body(bodyBytes)));
  if (!parsed.success) throw validationError("The request", zodProblems(parsed.error));
  const { calls, mode, stop_on_error: stopOnError } = parsed.data;
  const named = request.header("x-mcp-target-server");
  const missing = calls.findIndex((call) => (call.server_id ?? named) === undefined);
  if (missing >= 0) {
    const expected = "a server id, here or for all calls in X-MCP-Target-Server";
    throw validationError("The request", [{ path: ["calls", missing, "server_id"], problem: "is required", expected }]);
  }
  const batching = new Batching();
  const results = await runCalls({
    calls: calls.map((call) => {
      const serverId = call.server_id ?? named ?? "";
      return {
        call: { ...call, server_id: serverId },
        id: call.id,
        serverId,
        toolName: call.tool_name,
        input: call.tool_input,
        requestId: call.request_id,
      };
    }),
    mode: mode === "sequential" || mode === "SEQUENTIAL" ? "SEQUENTIAL" : "PARALLEL",
    stopOnError,
    maxInputLength: bodyBytes,
    maxRunning: concurrentCallsPerCaller,
    travelsTogether: ({ serverId, toolName }) => travelsTogether(admission.view, serverId, toolName),
    inputField: "tool_input",
    correlationId: requestId,
    run: ({ call }, input) =>
      gateway.run({ ...toolCallOf(call, admission, request, requestId), input, batching }, admission),
  });
  return batchAnswer(results, requestId);
}
