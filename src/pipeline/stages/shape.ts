/** Stage: applies the caller's `select` to the output and keeps what is too large to hand over, before anything reaches an agent. */
import { callerKey } from "../../auth/caller.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import { describeTruncated, estimatedTokens } from "../../results/describe-result.ts";
import type { ResultStore, StoredResult } from "../../results/result-store.ts";
import { selectError } from "../../results/select-error.ts";
import { SelectProblem } from "../../results/select-budget.ts";
import { compileSelect, type Selection } from "../../results/select.ts";
import type { Maybe } from "../../state/state-store.ts";
import type { Execution, Stage } from "../execution.ts";

/** Largest result of all, bytes of JSON: nothing larger is kept, and typed fields, which are not capped, end here. */
const MAX_RESULT_BYTES = 8 * 1024 * 1024;

/**
 * `VALIDATION_ERROR` for a bad expression: before anything runs, or, where it does not fit the output of a read, after it.
 * A result over the caller's limits is kept, and the output says how to read it; `DATA_TRANSFORMATION_ERROR` for a read
 * over the ceiling. A write that succeeded is a success whatever its output is like.
 */
export function shape(results: ResultStore): Stage {
  return (next) => (execution) => {
    const { select } = execution.call;
    let selection: Selection | undefined;
    try {
      selection = select === undefined || select === "" ? undefined : compiled(select);
    } catch (error) {
      return Promise.reject(error);
    }
    return next(execution).then((output) => finished(execution, results, output ?? null, selection));
  };
}

function compiled(select: string): Selection {
  try {
    return compileSelect(select);
  } catch (error) {
    if (error instanceof SelectProblem) throw selectError(error.message, { acted: "no" });
    throw error;
  }
}

function finished(
  execution: Execution,
  results: ResultStore,
  whole: unknown,
  selection: Selection | undefined,
): Maybe<unknown> {
  execution.fullOutput = whole;
  const output = selection ? selected(execution, selection, whole) : whole;
  const json = stringify(output);
  const bytes = Buffer.byteLength(json);
  // What did not come over HTTP is counted as its JSON.
  if (execution.bytesReceived === 0 && execution.attempts > 0) {
    execution.bytesReceived = selection ? Buffer.byteLength(stringify(whole)) : bytes;
  }
  return hand(execution, results, output, json, bytes);
}

function selected(execution: Execution, selection: Selection, output: unknown): unknown {
  try {
    return selection.apply(output);
  } catch (error) {
    if (!(error instanceof SelectProblem)) throw error;
    if (execution.target().tool.effect === "read") throw selectError(error.message, { acted: "yes" });
    execution.note = `select was not applied: ${error.message}.`;
    return output;
  }
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (cause) {
    throw new CatalogueError(
      "DATA_TRANSFORMATION_ERROR",
      "The result cannot be handed over as JSON: it is nested too deep, or holds what JSON cannot.",
      {
        acted: "yes",
        cause,
      },
    );
  }
}

/** The output itself where it fits, else what stands in for it, once it is kept where every replica finds it. */
function hand(
  execution: Execution,
  results: ResultStore,
  output: unknown,
  json: string,
  bytes: number,
): Maybe<unknown> {
  const { call, generation } = execution;
  const { resultBytes, resultTokens } = generation.settings.gateway.limits;
  const fits =
    bytes <= (call.isTyped ? MAX_RESULT_BYTES : resultBytes) &&
    (call.isTyped === true || resultTokens === undefined || estimatedTokens(json) <= resultTokens);
  if (fits) {
    execution.outputJson = json;
    execution.bytesReturned = bytes;
    return output;
  }
  const { server, tool } = execution.target();
  const kept =
    bytes <= MAX_RESULT_BYTES
      ? results.keep({
          owner: callerKey(call.caller),
          serverId: server.id,
          toolName: tool.name,
          json: Buffer.from(json, "utf8"),
        })
      : undefined;
  const limit = { bytes: resultBytes, ...(resultTokens !== undefined && { tokens: resultTokens }) };
  const stand = (result: StoredResult | undefined): unknown => {
    if (!result && tool.effect === "read") throw tooLarge(bytes);
    const marker = describeTruncated(output, json, bytes, limit, result);
    execution.resultId = result?.id;
    execution.outputJson = JSON.stringify(marker);
    execution.bytesReturned = Buffer.byteLength(execution.outputJson);
    return marker;
  };
  return kept instanceof Promise ? kept.then(stand) : stand(kept);
}

function tooLarge(bytes: number): CatalogueError {
  return new CatalogueError(
    "DATA_TRANSFORMATION_ERROR",
    `The result has ${bytes} bytes; the limit is ${MAX_RESULT_BYTES}.`,
    {
      details: { result_bytes: bytes, limit: MAX_RESULT_BYTES },
      acted: "yes",
      suggestion: "Ask for less: a smaller page, fewer fields, or a select expression that keeps what you need.",
    },
  );
}
