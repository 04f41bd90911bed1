/** The last step: the tool's own `run`, with a client bound to its server. */
import type { CallContext, Progress } from "../../connector/tool.ts";
import type { Execution, Step } from "../execution.ts";

export const runConnector: Step = (execution) => {
  const { server, tool } = execution.target();
  const { signal } = execution;
  if (!signal) throw new Error("invariant: the deadline stage sets the signal");
  execution.attempts += 1;
  execution.requestsBegun = 0;
  execution.requestsNeverSent = 0;
  const { correlationId, trace } = execution.call;
  const http = server.runtime.http({ signal, requestId: correlationId, meter: execution, trace });
  const context = new ExecutionContext(execution);
  if (!execution.batch || !tool.batch) return tool.run({ input: execution.input, http, signal, context });
  return tool.batch.run({ inputs: execution.batch, http, signal, context });
};

/** A view of the execution for the tool; a class, so that a call allocates one small object for it. */
class ExecutionContext implements CallContext {
  readonly #execution: Execution;

  constructor(execution: Execution) {
    this.#execution = execution;
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

  reportProgress(progress: Progress): void {
    this.#execution.call.onProgress?.(progress, this.#execution.id);
  }
}
