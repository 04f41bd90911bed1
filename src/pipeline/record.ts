/** Closes every call, whatever came of it: the outcome as data, one log line, nothing thrown. */
import { toCatalogueError } from "../errors/catalogue-error.ts";
import type { CallLog } from "../telemetry/call-log.ts";
import type { Execution, Step } from "./execution.ts";
import type { ToolCall } from "./tool-call.ts";
import type { ToolExecution } from "./tool-execution.ts";

/** Told of every call that ended, for metrics and traces; must not throw. */
export type Observe = (call: ToolCall, execution: ToolExecution) => void;

/** Runs the composed stages and turns output or error into a {@link ToolExecution}. Never rejects. */
export async function record(
  execution: Execution,
  stages: Step,
  log: CallLog,
  observe?: Observe,
): Promise<ToolExecution> {
  let output: unknown = null;
  let thrown: unknown;
  let failed = false;
  try {
    output = await stages(execution);
  } catch (error) {
    thrown = error;
    failed = true;
  } finally {
    execution.server?.runtime.leave();
    execution.running?.leave(execution.call.caller);
  }
  const { call, tool } = execution;
  const error = failed ? toCatalogueError(thrown) : undefined;
  const toolName = tool?.name ?? call.toolName;
  const outcome: ToolExecution = {
    status: error ? "error" : "success",
    serverId: call.serverId,
    toolName,
    effect: tool?.effect,
    output: error ? null : output,
    outputJson: error ? undefined : execution.outputJson,
    fullOutput: error ? undefined : execution.fullOutput,
    message: error ? error.message : successMessage(execution, toolName),
    error,
    originalRequestId: call.requestId ?? call.correlationId,
    executionId: execution.id,
    durationMs: execution.elapsedMs(),
    attempts: execution.attempts,
    cached: execution.cached,
    ageMs: execution.ageMs,
    replayed: execution.replayed,
    resultId: error ? undefined : execution.resultId,
    bytesReceived: execution.bytesReceived,
    bytesReturned: error ? 0 : execution.bytesReturned,
  };
  log.write(execution, outcome, thrown);
  observe?.(call, outcome);
  return outcome;
}

function successMessage({ call, note, resultId }: Execution, toolName: string): string {
  const done = `${toolName} on ${call.serverId} succeeded.`;
  if (note === undefined && resultId === undefined) return done;
  const kept = resultId === undefined ? "" : " The result is too large to return at once: output says how to read it.";
  return `${done}${note === undefined ? "" : ` ${note}`}${kept}`;
}
