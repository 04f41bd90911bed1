/** What every door works with: who is asking, what they may see, and the one way to run a tool. */
import type { Logger } from "pino";
import type { Caller } from "./auth/caller.ts";
import { CatalogueError } from "./errors/catalogue-error.ts";
import { CatalogueHub } from "./live/catalogue-hub.ts";
import { ProgressHub } from "./live/progress-hub.ts";
import { Subscriptions } from "./live/subscriptions.ts";
import type { LoadMonitor } from "./lifecycle/load-monitor.ts";
import { callerDeadline, type CallerDeadline } from "./pipeline/caller-deadline.ts";
import { CallerRate } from "./pipeline/caller-rate.ts";
import type { Pipeline } from "./pipeline/pipeline.ts";
import type { ToolCall } from "./pipeline/tool-call.ts";
import type { ToolExecution } from "./pipeline/tool-execution.ts";
import type { Generation } from "./registry/generation.ts";
import type { Registry } from "./registry/registry.ts";
import type { StateStatus, StateStore } from "./state/state-store.ts";
import type { View } from "./registry/view.ts";
import type { ResultStore } from "./results/result-store.ts";
import { readTrace, type Trace } from "./telemetry/trace.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import type { Tracer } from "./telemetry/tracing.ts";

/** What a request says in its headers, by lower-case name. */
export interface RequestHeaders {
  /** What it came over. */
  readonly connection?: object | undefined;
  header(name: string): string | undefined;
}

/** A request that may pass: the generation it is served by and the caller's view of it. */
export interface Admission {
  readonly generation: Generation;
  readonly caller: Caller;
  readonly view: View;
  /** Tool calls that were counted already, against the caller's rate: one, with the request itself. */
  readonly prepaid: { calls: number };
  /** How long the caller waits, when it said so. */
  readonly deadline?: CallerDeadline | undefined;
  /** Its place in a trace, when it sent one. */
  readonly trace?: Trace | undefined;
}

export class Gateway {
  readonly registry: Registry;
  readonly log: Logger;
  /** Results that were too large to hand over at once. */
  readonly results: ResultStore;
  readonly metrics: Metrics;
  /** What callers follow while it happens. */
  readonly live: { readonly progress: ProgressHub; readonly catalogue: CatalogueHub; readonly subscribers: number };
  readonly #subscriptions = new Subscriptions();
  readonly #stateStore: Pick<StateStore, "status">;
  readonly #rate: CallerRate;
  readonly #pipeline: Pipeline;
  readonly #load: LoadMonitor | undefined;
  readonly #tracer: Tracer | undefined;
  #isDraining = false;

  constructor(options: {
    readonly registry: Registry;
    readonly pipeline: Pipeline;
    readonly log: Logger;
    readonly results: ResultStore;
    readonly metrics: Metrics;
    readonly state: Pick<StateStore, "status" | "limiter">;
    /** Absent: work is never refused for load. */
    readonly load?: LoadMonitor | undefined;
    /** Absent: traces are passed on, and nothing is exported. */
    readonly tracer?: Tracer | undefined;
  }) {
    this.registry = options.registry;
    this.log = options.log;
    this.results = options.results;
    this.metrics = options.metrics;
    this.#stateStore = options.state;
    this.#rate = new CallerRate(options.state);
    const subscriptions = this.#subscriptions;
    this.live = {
      progress: new ProgressHub(subscriptions),
      catalogue: new CatalogueHub(options.registry, subscriptions),
      get subscribers() {
        return subscriptions.size;
      },
    };
    this.#pipeline = options.pipeline;
    this.#load = options.load;
    this.#tracer = options.tracer;
  }

  /** The state that replicas share, and whether it can be reached; nothing when this process keeps its own. */
  get sharedState(): { readonly state?: StateStatus } {
    const state = this.#stateStore.status();
    return state.kind === "memory" ? {} : { state };
  }

  /** STARTING until the first generation serves, DRAINING once shutting down. */
  get state(): "STARTING" | "READY" | "DRAINING" {
    if (this.#isDraining) return "DRAINING";
    return this.registry.current ? "READY" : "STARTING";
  }

  /** From now on `ready` answers 503, so that balancers send nobody here any more; subscribers are sent elsewhere. */
  drain(): void {
    this.#isDraining = true;
    this.#subscriptions.close();
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

  /**
   * Authenticates once, for whichever door, counts the request against the caller's rate, and takes over what the caller
   * says of its deadline and its trace. Not asynchronous for a credential that was verified before, where the state is
   * this process's own. `RATE_LIMIT_EXCEEDED`: 429 for the caller's rate, 503 while the gateway is overloaded.
   */
  admit(request: RequestHeaders, correlationId?: string): Admission | Promise<Admission> {
    this.#load?.refuseOverload();
    const generation = this.generation();
    const timeout = request.header("x-request-timeout-ms");
    const traceparent = request.header("traceparent");
    const admitted = (caller: Caller): Admission | Promise<Admission> => {
      const admission: Admission = {
        generation,
        caller,
        view: generation.viewOf(caller),
        prepaid: { calls: 1 },
        deadline: timeout === undefined ? undefined : callerDeadline(timeout),
        trace: traceparent === undefined ? undefined : readTrace(traceparent, request.header("tracestate")),
      };
      const counting = this.#count(caller, generation);
      return counting ? counting.then(() => admission) : admission;
    };
    const caller = generation.authenticator.authenticate(request, correlationId);
    return caller instanceof Promise ? caller.then(admitted) : admitted(caller);
  }

  /** Who asks, for routes that answer even when no work is taken. */
  identify(request: RequestHeaders): Caller | Promise<Caller> {
    return this.generation().authenticator.authenticate(request);
  }

  /** Runs one tool through the pipeline. Never rejects. */
  run(call: ToolCall, admission: Admission): Promise<ToolExecution> {
    return this.live.progress.follow(call, (followed) => this.#run(followed, admission));
  }

  #run(call: ToolCall, admission: Admission): Promise<ToolExecution> {
    const { generation, view, deadline, prepaid } = admission;
    const trace = this.#tracer ? this.#tracer.begin(admission.trace) : admission.trace;
    const isPrepaid = prepaid.calls > 0;
    if (isPrepaid) prepaid.calls -= 1;
    if (!deadline && !trace) return this.#pipeline.run(call, generation, view, isPrepaid);
    const bounded = deadline && { deadlineAt: deadline.deadlineAt, signal: deadline.signalWith(call.signal) };
    return this.#pipeline.run({ ...call, ...bounded, trace }, generation, view, isPrepaid);
  }

  /** A refused request is no tool call yet: it is told here, and not by what ends every call. */
  #count(caller: Caller, generation: Generation): Promise<void> | undefined {
    const refused = (error: unknown): never => {
      this.metrics.calls.countRefusedRequest();
      throw error;
    };
    try {
      return this.#rate.count(caller, generation.settings.gateway.limits)?.catch(refused);
    } catch (error) {
      return refused(error);
    }
  }
}
