/** The last step: the tool's own `run`, with a client bound to its server. It may answer at once, and throw at once. */
import { signalOf, type Cancellation } from "../../cancellation.ts";
import type { HttpClient } from "../../connector/http-client.ts";
import type { CallContext, Progress, ToolRun } from "../../connector/tool.ts";
import type { Execution, Step } from "../execution.ts";
import type { Attempt } from "./deadline.ts";

export const runConnector: Step = (execution) => {
  const { tool } = execution.target();
  const { attempt } = execution;
  if (!attempt) throw new Error("invariant: the deadline stage begins the attempt");
  execution.attempts += 1;
  execution.requestsBegun = 0;
  execution.requestsNeverSent = 0;
  const run = new RunningTool(execution, attempt);
  try {
    const answer: unknown = execution.batch && tool.batch ? tool.batch.run(run) : tool.run(run);
    return answer instanceof Promise ? answer : Promise.resolve(answer);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** What the tool is given: a view of the execution, of which only that is made what the tool asks for. */
class RunningTool implements ToolRun, CallContext {
  readonly #execution: Execution;
  readonly #attempt: Attempt;
  #http: HttpClient | undefined;

  constructor(execution: Execution, attempt: Attempt) {
    this.#execution = execution;
    this.#attempt = attempt;
  }

  get input(): unknown {
    return this.#execution.input;
  }

  get inputs(): readonly unknown[] {
    return this.#execution.batch ?? [];
  }

  get http(): HttpClient {
    const execution = this.#execution;
    const { correlationId, trace } = execution.call;
    return (this.#http ??= execution.target().server.runtime.http({
      signal: this.#attempt,
      requestId: correlationId,
      meter: execution,
      trace,
    }));
  }

  get signal(): AbortSignal {
    return signalOf(this.#attempt);
  }

  get cancellation(): Cancellation {
    return this.#attempt;
  }

  get context(): CallContext {
    return this;
  }

  get requestId(): string {
    return this.#execution.call.correlationId;
  }

  get idempotencyKey(): string | undefined {
    return this.#execution.idempotencyKey;
  }

  get conversation(): CallContext["conversation"] {
    return this.#execution.call.conversationContext;
  }

  get userPreferences(): CallContext["userPreferences"] {
    return this.#execution.call.userPreferences;
  }

  get trace(): Readonly<Record<string, string>> | undefined {
    return this.#execution.call.trace?.headers();
  }

  get hasListener(): boolean {
    return this.#execution.call.onProgress !== undefined;
  }

  reportProgress(progress: Progress): void {
    this.#execution.call.onProgress?.(progress, this.#execution.id);
  }
}
