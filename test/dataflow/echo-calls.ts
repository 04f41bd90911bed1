/** Runs calls on a tool that echoes its input, without a gateway: for stories about order and references. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { runCalls, type NamedCall, type RunCallsOptions } from "../../src/dataflow/run-calls.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import type { ToolExecution } from "../../src/pipeline/tool-execution.ts";

export interface Problem {
  readonly path: string;
  readonly problem: string;
  readonly expected?: string;
}

/** What a tool that echoes its input, or fails when told so, comes to. */
export function executionOf(call: NamedCall, output: unknown, error?: CatalogueError): ToolExecution {
  return {
    status: error ? "error" : "success",
    serverId: call.serverId,
    toolName: call.toolName,
    effect: "read",
    output,
    outputJson: undefined,
    fullOutput: error ? undefined : output,
    message: "",
    error,
    originalRequestId: "r",
    executionId: randomUUID(),
    durationMs: 0,
    attempts: 1,
    cached: false,
    ageMs: undefined,
    replayed: false,
    resultId: undefined,
    bytesReceived: 0,
    bytesReturned: 0,
  };
}

export type Call = Partial<NamedCall> & { readonly input: unknown };

/** Runs calls on a tool that answers `{id, given}` a turn later; an input with `fail` set fails. */
export async function run(calls: readonly Call[], options: Partial<RunCallsOptions<NamedCall>> = {}) {
  const begun: { id: string | undefined; input: unknown }[] = [];
  const ended: (string | undefined)[] = [];
  const answers = await runCalls({
    calls: calls.map((call) => ({ serverId: "s", toolName: "echo", ...call })),
    mode: "PARALLEL",
    stopOnError: false,
    maxInputLength: 1_000_000,
    inputField: "input",
    correlationId: "c-1",
    maxRunning: 50,
    run: async (call, input) => {
      begun.push({ id: call.id, input });
      await Promise.resolve();
      ended.push(call.id);
      const failure = (input as { fail?: string }).fail;
      const error = failure === undefined ? undefined : new CatalogueError("MCP_SERVER_ERROR", failure);
      return executionOf(call, { id: call.id, given: input }, error);
    },
    ...options,
  });
  return { answers, begun, ended, inputs: Object.fromEntries(begun.map(({ id, input }) => [id, input])) };
}

export async function refused(
  calls: readonly Call[],
  options: Partial<RunCallsOptions<NamedCall>> = {},
): Promise<Problem[]> {
  let ran = 0;
  const attempt = run(calls, { ...options, run: async (call) => ((ran += 1), executionOf(call, null)) });
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CatalogueError);
  expect((error as CatalogueError).code).toBe("VALIDATION_ERROR");
  expect(ran, "nothing runs").toBe(0);
  return (error as CatalogueError).details as Problem[];
}
