/** What every door works with: who is asking, what they may see, and the one way to run a tool. */
import type { Logger } from "pino";
import type { Caller } from "./auth/caller.ts";
import { CatalogueError } from "./errors/catalogue-error.ts";
import type { Pipeline } from "./pipeline/pipeline.ts";
import type { ToolCall } from "./pipeline/tool-call.ts";
import type { ToolExecution } from "./pipeline/tool-execution.ts";
import type { Generation } from "./registry/generation.ts";
import type { Registry } from "./registry/registry.ts";
import type { View } from "./registry/view.ts";
import type { ResultStore } from "./results/result-store.ts";

/** A request that may pass: the generation it is served by and the caller's view of it. */
export interface Admission {
  readonly generation: Generation;
  readonly caller: Caller;
  readonly view: View;
}

export class Gateway {
  readonly registry: Registry;
  readonly log: Logger;
  /** Results that were too large to hand over at once. */
  readonly results: ResultStore;
  readonly #pipeline: Pipeline;
  #isDraining = false;

  constructor(options: {
    readonly registry: Registry;
    readonly pipeline: Pipeline;
    readonly log: Logger;
    readonly results: ResultStore;
  }) {
    this.registry = options.registry;
    this.log = options.log;
    this.results = options.results;
    this.#pipeline = options.pipeline;
  }

  /** STARTING until the first generation serves, DRAINING once shutting down. */
  get state(): "STARTING" | "READY" | "DRAINING" {
    if (this.#isDraining) return "DRAINING";
    return this.registry.current ? "READY" : "STARTING";
  }

  /** From now on `ready` answers 503, so that balancers send nobody here any more. */
  drain(): void {
    this.#isDraining = true;
  }

  /** The current generation; `MCP_CONNECTION_ERROR` (503) while there is none yet. */
  generation(): Generation {
    const { current } = this.registry;
    if (current) return current;
    throw new CatalogueError("MCP_CONNECTION_ERROR", "The gateway is starting.", {
      status: 503,
      acted: "no",
      retryable: true,
      retryAfterMs: 1000,
    });
  }

  /** Authenticates once, for whichever door. Not asynchronous for a credential that was verified before. */
  admit(header: (name: string) => string | undefined): Admission | Promise<Admission> {
    const generation = this.generation();
    const caller = generation.authenticator.authenticate({ get: header });
    if (caller instanceof Promise) {
      return caller.then((known) => ({ generation, caller: known, view: generation.viewOf(known) }));
    }
    return { generation, caller, view: generation.viewOf(caller) };
  }

  /** Runs one tool through the pipeline. Never rejects. */
  run(call: ToolCall, admission: Admission): Promise<ToolExecution> {
    return this.#pipeline.run(call, admission.generation, admission.view);
  }
}
