/** The line that every tool call writes to the log: a fixed list of ids and numbers, so it is written without a walk over it. */
import { pino, type DestinationStream, type Logger } from "pino";
import type { Execution } from "../pipeline/execution.ts";
import type { ToolExecution } from "../pipeline/tool-execution.ts";
import { atTurnEnd } from "../at-turn-end.ts";

/** What pino and its loggers have in common under the symbol of their stream. */
type WithStream = Record<symbol, DestinationStream | undefined>;

/**
 * A call that succeeded is one line at level `info`, put together here: that costs a fifth of what pino's general way does.
 * Calls that failed go through pino, and so does everything where an operator redacts fields of the line.
 *
 * @example
 * const calls = new CallLog(log, settings.gateway.logging.redact);
 * calls.write(execution, outcome, undefined);
 */
export class CallLog {
  readonly #log: Logger;
  readonly #writeSoon: ((line: string) => void) | undefined;
  /** Writes the lines of this turn now: for a process that ends before the turn does. */
  readonly flush: () => void = () => {};

  /** `redact` are the operator's paths; the general patterns would cost every call more than the line itself. */
  constructor(log: Logger, redact: readonly string[] = []) {
    this.#log = log.child({ component: "pipeline" }, { redact: { paths: [...redact], censor: "[redacted]" } });
    const stream = (log as unknown as WithStream)[pino.symbols.streamSym];
    if (!stream || !redact.every(isNested)) return;
    // The stream copies what it holds with each write: lines of one turn of the event loop go to it together.
    let lines = "";
    this.flush = () => {
      const all = lines;
      lines = "";
      if (all !== "") stream.write(all);
    };
    const flushSoon = atTurnEnd<void>(this.flush);
    this.#writeSoon = (line) => {
      if (lines === "") flushSoon();
      lines += line;
    };
  }

  write(execution: Execution, outcome: ToolExecution, thrown: unknown): void {
    const code = outcome.error?.code;
    if (code === undefined) {
      if (!this.#log.isLevelEnabled("info")) return;
      if (this.#writeSoon) this.#writeSoon(lineOf(execution, outcome));
      else this.#log.info(fieldsOf(execution, outcome), SUCCESS);
    } else if (code === "API_INTERNAL_ERROR") {
      this.#log.error({ ...fieldsOf(execution, outcome), error_code: code, err: thrown }, FAILURE);
    } else {
      this.#log.warn({ ...fieldsOf(execution, outcome), error_code: code, error_message: outcome.message }, FAILURE);
    }
  }
}

const SUCCESS = "tool call";
const FAILURE = "tool call failed";

/** Paths such as `headers.authorization` or `*.token`: none of them can name a field of a line without nesting. */
function isNested(path: string): boolean {
  return /^[\w*]+\.\w/.test(path);
}

function fieldsOf({ call, batchSize }: Execution, outcome: ToolExecution): Record<string, unknown> {
  return {
    correlation_id: call.correlationId,
    execution_id: outcome.executionId,
    door: call.door,
    caller_id: call.caller.id,
    server_id: outcome.serverId,
    tool_name: outcome.toolName,
    duration_ms: hundredths(outcome.durationMs),
    attempts: outcome.attempts,
    ...(call.trace && { trace_id: call.trace.traceId }),
    ...(outcome.cached && { cached: true }),
    ...(outcome.replayed && { replayed: true }),
    ...(batchSize !== undefined && { batch_size: batchSize }),
    bytes_received: outcome.bytesReceived,
    bytes_returned: outcome.bytesReturned,
  };
}

/** The same fields as {@link fieldsOf} has, in the same order, as pino would write them. */
function lineOf({ call, batchSize }: Execution, outcome: ToolExecution): string {
  return (
    `{"level":"info","time":"${isoNow()}","component":"pipeline","correlation_id":${JSON.stringify(call.correlationId)},` +
    `"execution_id":"${outcome.executionId}","door":"${call.door}","caller_id":${JSON.stringify(call.caller.id)},` +
    `"server_id":${JSON.stringify(outcome.serverId)},"tool_name":${JSON.stringify(outcome.toolName)},` +
    `"duration_ms":${hundredths(outcome.durationMs)},"attempts":${outcome.attempts},` +
    (call.trace ? `"trace_id":${JSON.stringify(call.trace.traceId)},` : "") +
    (outcome.cached ? `"cached":true,` : "") +
    (outcome.replayed ? `"replayed":true,` : "") +
    (batchSize === undefined ? "" : `"batch_size":${batchSize},`) +
    `"bytes_received":${outcome.bytesReceived},"bytes_returned":${outcome.bytesReturned},"msg":"${SUCCESS}"}\n`
  );
}

function hundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

let at = 0;
let iso = "";

/** Many calls end within one millisecond. */
function isoNow(): string {
  const now = Date.now();
  if (now !== at) {
    at = now;
    iso = new Date(now).toISOString();
  }
  return iso;
}
