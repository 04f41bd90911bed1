/** Runs several calls in one request, feeding results into the inputs that refer to them. */
import { randomUUID } from "node:crypto";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { ToolExecution } from "../pipeline/tool-execution.ts";
import { jsonLengthWithin } from "../results/json-length.ts";
import { SelectBudget, SelectProblem } from "../results/select-budget.ts";
import { planCalls, type FlowCall, type FlowMode, type Plan } from "./plan-calls.ts";
import type { Reference } from "./reference.ts";
import { Slots } from "./slots.ts";

/** All inputs of one request together may hold this many times what one may. */
const TOTAL_INPUTS = 16;
/** One budget for all selections of a request. */
const SELECT_SHARE = 2;

export interface RunCallsOptions<C extends NamedCall> {
  readonly calls: readonly C[];
  readonly mode: FlowMode;
  /** After the first failure no further call is begun. */
  readonly stopOnError: boolean;
  /** Largest input after its references were filled in, characters of JSON. */
  readonly maxInputLength: number;
  /** How the door spells a call's input, for error paths. */
  readonly inputField: string;
  readonly correlationId: string;
  /** Most calls that run at once, so that the calls of one request do not use up their caller's own limit. */
  readonly maxRunning: number;
  /** Does the call share its request to the server with others? Such calls do not wait for a turn. */
  readonly travelsTogether?: (call: C) => boolean;
  /** Runs one call through the pipeline. Never rejects. */
  readonly run: (call: C, input: unknown) => Promise<ToolExecution>;
}

export interface NamedCall extends FlowCall {
  readonly serverId: string;
  readonly toolName: string;
  readonly requestId?: string | undefined;
}

/**
 * Each call has one answer, in the order of the calls. Rejects with `VALIDATION_ERROR` before anything runs when the
 * references cannot be followed. A call that is not run, because what it refers to failed or because of `stopOnError`,
 * answers with `DATA_TRANSFORMATION_ERROR` (400) and `details.skipped: true`.
 */
export async function runCalls<C extends NamedCall>(options: RunCallsOptions<C>): Promise<ToolExecution[]> {
  const plan = planCalls(options.calls, options.mode, options.inputField);
  return options.mode === "SEQUENTIAL" ? inSequence(options, plan) : inParallel(options, plan);
}

async function inSequence<C extends NamedCall>(options: RunCallsOptions<C>, plan: Plan): Promise<ToolExecution[]> {
  const run = new Run(options, plan);
  const answers: ToolExecution[] = [];
  for (const index of plan.order) answers.push(await run.call(index, answers));
  return answers;
}

async function inParallel<C extends NamedCall>(options: RunCallsOptions<C>, plan: Plan): Promise<ToolExecution[]> {
  const run = new Run(options, plan);
  const answers: ToolExecution[] = [];
  const begun: Promise<void>[] = [];
  for (const index of plan.order) {
    const sources = plan.calls[index]!.dependsOn.map((source) => begun[source]!);
    const begin = async () => {
      // Calls that wait for nothing all begin in this turn: equal reads among them can be batched.
      if (sources.length > 0) await Promise.all(sources);
      answers[index] = await run.call(index, answers);
    };
    begun[index] = begin();
  }
  await Promise.all(begun);
  return answers;
}

/** The state of one request's calls. */
class Run<C extends NamedCall> {
  readonly #options: RunCallsOptions<C>;
  readonly #plan: Plan;
  readonly #budget = new SelectBudget(SELECT_SHARE);
  readonly #slots: Slots;
  #lengthLeft: number;
  /** The first call that failed. */
  #failed: number | undefined;

  constructor(options: RunCallsOptions<C>, plan: Plan) {
    this.#options = options;
    this.#plan = plan;
    this.#slots = new Slots(options.maxRunning);
    this.#lengthLeft = options.maxInputLength * TOTAL_INPUTS;
  }

  /** `answers` holds those of the calls it depends on. */
  async call(index: number, answers: readonly ToolExecution[]): Promise<ToolExecution> {
    const call = this.#options.calls[index]!;
    let answer: ToolExecution;
    const refusal = this.#refusal(index, answers);
    if (refusal) answer = notRun(call, refusal, this.#options.correlationId);
    else {
      const input = this.#input(index, answers);
      answer =
        input instanceof CatalogueError
          ? notRun(call, input, this.#options.correlationId)
          : await this.#run(call, input);
    }
    if (answer.error) this.#failed ??= index;
    return answer;
  }

  #run(call: C, input: unknown): Promise<ToolExecution> {
    const { run, travelsTogether } = this.#options;
    return travelsTogether?.(call) ? run(call, input) : this.#slots.use(() => run(call, input));
  }

  #refusal(index: number, answers: readonly ToolExecution[]): CatalogueError | undefined {
    const { calls, stopOnError } = this.#options;
    const failed = this.#plan.calls[index]!.dependsOn.filter((source) => answers[source]!.error);
    if (failed.length > 0) {
      const names = failed.map((source) => nameOf(calls, source));
      return skipped(`what it refers to failed: ${names.join(", ")}`, {
        dependsOn: names,
        retryable: failed.every((source) => isRetryable(answers[source]!)),
        suggestion: "See why the call it refers to failed, correct that one, and send both again.",
      });
    }
    if (!stopOnError || this.#failed === undefined) return undefined;
    return skipped(`${nameOf(calls, this.#failed)} failed and stopOnError is set`, {
      stoppedBy: nameOf(calls, this.#failed),
      retryable: true,
      suggestion: "Correct the call that failed, then send it and this one again.",
    });
  }

  /** The input with its references filled in; copies, so that no tool can change another's result. */
  #input(index: number, answers: readonly ToolExecution[]): unknown {
    const { template } = this.#plan.calls[index]!;
    const { calls, maxInputLength, inputField } = this.#options;
    if (template.references.length === 0) return template.fill(() => undefined);
    const sourceOf = ({ from }: Reference) => answers[calls.findIndex(({ id }) => id === from)];
    try {
      const input = template.fill((reference) => {
        const output = sourceOf(reference)?.fullOutput ?? null;
        return reference.selection ? reference.selection.apply(output, this.#budget) : output;
      });
      const length = jsonLengthWithin(input, maxInputLength);
      if (length === undefined || length > this.#lengthLeft) return inputTooLarge(maxInputLength);
      this.#lengthLeft -= length;
      return structuredClone(input);
    } catch (error) {
      // The other calls go on, whatever this one's sources answered: nested deeper than the stack, or no JSON at all.
      const why = error instanceof SelectProblem ? error.message : "what it refers to cannot be handed on as JSON";
      return skipped(`a reference in its ${inputField} cannot be followed: ${why}`, {
        dependsOn: template.references.map(({ from }) => from),
        retryable: false,
        suggestion: "Correct the reference's select to fit what the call it refers to answered.",
      });
    }
  }
}

function nameOf(calls: readonly NamedCall[], index: number): string {
  return calls[index]?.id ?? `calls.${index}`;
}

function isRetryable({ error, effect }: ToolExecution): boolean {
  return error?.isRetryable(effect) === true;
}

function skipped(
  why: string,
  facts: {
    readonly dependsOn?: readonly string[];
    readonly stoppedBy?: string;
    readonly retryable: boolean;
    readonly suggestion: string;
  },
): CatalogueError {
  const { retryable, suggestion, ...details } = facts;
  return new CatalogueError("DATA_TRANSFORMATION_ERROR", `This call was not run: ${why}.`, {
    status: 400,
    acted: "no",
    details: { skipped: true, ...details },
    retryable,
    suggestion,
  });
}

function inputTooLarge(limit: number): CatalogueError {
  return new CatalogueError(
    "PAYLOAD_TOO_LARGE",
    "This call was not run: its input is too large with what it refers to.",
    {
      acted: "no",
      details: { skipped: true, limit_bytes: limit },
      suggestion: "Refer to less: give the reference a select that keeps what the tool needs.",
    },
  );
}

function notRun(call: NamedCall, error: CatalogueError, correlationId: string): ToolExecution {
  return {
    status: "error",
    serverId: call.serverId,
    toolName: call.toolName,
    effect: undefined,
    output: null,
    outputJson: undefined,
    fullOutput: undefined,
    message: error.message,
    error,
    originalRequestId: call.requestId ?? correlationId,
    executionId: randomUUID(),
    durationMs: 0,
    attempts: 0,
    cached: false,
    ageMs: undefined,
    replayed: false,
    resultId: undefined,
    bytesReceived: 0,
    bytesReturned: 0,
  };
}
