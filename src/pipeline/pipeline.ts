/** The life of a tool call, as one ordered list: reading it teaches what happens to every call, whichever door it came through. */
import type { Generation } from "../registry/generation.ts";
import type { View } from "../registry/view.ts";
import type { StateStore } from "../state/state-store.ts";
import type { CallLog } from "../telemetry/call-log.ts";
import { ResultStore } from "../results/result-store.ts";
import { Execution, type Stage, type Step } from "./execution.ts";
import { record, type Observe } from "./record.ts";
import { authorise } from "./stages/authorise.ts";
import { joinBatch, takeSeat } from "./stages/batch.ts";
import { callerLimits } from "./stages/caller-limits.ts";
import { checkOutput } from "./stages/check-output.ts";
import { circuitBreaker } from "./stages/circuit-breaker.ts";
import { deadline } from "./stages/deadline.ts";
import { exactlyOnce } from "./stages/exactly-once.ts";
import { resolve } from "./stages/resolve.ts";
import { retry } from "./stages/retry.ts";
import { runConnector } from "./stages/run-connector.ts";
import { createServerLimits } from "./stages/server-limits.ts";
import { shape } from "./stages/shape.ts";
import { sharedReads } from "./stages/shared-reads.ts";
import { validate } from "./stages/validate.ts";
import type { ToolCall } from "./tool-call.ts";
import type { ToolExecution } from "./tool-execution.ts";

/**
 * Each stage wraps those below it: calls go in from top to bottom, outputs and errors come out from bottom to top.
 * Around them all, `record` turns whatever comes out into a {@link ToolExecution} and writes the log line.
 */
export function stagesOf(state: StateStore, results: ResultStore): readonly Stage[] {
  const serverLimits = createServerLimits(state);
  return [
    resolve,
    takeSeat,
    callerLimits(state),
    authorise,
    validate,
    shape(results),
    exactlyOnce(state),
    sharedReads(state),
    joinBatch,
    serverLimits.admit,
    circuitBreaker,
    retry(serverLimits.hear),
    deadline,
    checkOutput,
  ];
}

export interface Pipeline {
  /**
   * Runs one tool. Never rejects: what went wrong is in the execution. `isPrepaid`: it was counted against its caller's
   * rate already.
   */
  run(call: ToolCall, generation: Generation, view: View, isPrepaid?: boolean): Promise<ToolExecution>;
}

export function createPipeline(options: {
  readonly log: CallLog;
  readonly state: StateStore;
  /** Where results are kept that are too large to hand over. */
  readonly results?: ResultStore;
  readonly observe?: Observe;
}): Pipeline {
  const composed = stagesOf(options.state, options.results ?? new ResultStore()).reduceRight<Step>(
    (next, stage) => stage(next),
    runConnector,
  );
  const { log, observe } = options;
  return {
    run: (call, generation, view, isPrepaid) =>
      record(new Execution(call, generation, view, isPrepaid), composed, log, observe),
  };
}
