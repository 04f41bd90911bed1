/** What a resolver gets: who asks, what they may see, and the one way to run a tool. */
import type { Cancellation } from "../../cancellation.ts";
import type { Caller } from "../../auth/caller.ts";
import type { Admission, Gateway, RequestHeaders } from "../../gateway.ts";
import { Batching, travelsTogether } from "../../pipeline/batching.ts";
import { Slots } from "../../dataflow/slots.ts";
import type { ToolCall } from "../../pipeline/tool-call.ts";
import type { ToolExecution } from "../../pipeline/tool-execution.ts";
import type { CatalogueChange } from "../../live/catalogue-diff.ts";
import type { ProgressEvent } from "../../live/progress-hub.ts";
import { readResult, type ResultPage, type ResultQuery } from "../../results/read-result.ts";
import type { ServerEntry } from "../../registry/server-entry.ts";
import type { View } from "../../registry/view.ts";
import type { Tool } from "../../connector/tool.ts";

/** Texts about a tool that depend on where it sits in the graph. */
export interface ToolTexts {
  /** The smallest text an agent needs to call it. */
  signature(server: ServerEntry, tool: Tool): string;
  /** A complete operation that runs as it stands. */
  example(server: ServerEntry, tool: Tool): string;
  /** The slice of the schema it needs, as SDL. */
  sdl(server: ServerEntry, tool: Tool): string;
  /** What could not be typed, and why. */
  diagnostics(server: ServerEntry, tool: Tool): readonly string[];
}

/** A tool call as resolvers make it: who asks, and for which request, is known already. */
export type NamedCall = Pick<
  ToolCall,
  | "serverId"
  | "toolName"
  | "input"
  | "requestId"
  | "noCache"
  | "select"
  | "conversationContext"
  | "userPreferences"
  | "isTyped"
>;

export interface GraphqlContext {
  readonly caller: Caller;
  readonly view: View;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  /** Runs one tool through the pipeline. Never rejects. */
  execute(call: NamedCall): Promise<ToolExecution>;
  /** Streams of what concerns this caller. Throw `RATE_LIMIT_EXCEEDED`. */
  readonly live: {
    progress(id: string): AsyncIterable<ProgressEvent>;
    catalogue(): AsyncIterable<CatalogueChange>;
  };
  /** A part of a kept result of this caller. Throws catalogue errors. */
  readResult(query: ResultQuery): ResultPage | Promise<ResultPage>;
}

export interface GraphqlRequest {
  readonly gateway: Gateway;
  readonly admission: Admission;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  readonly signal: Cancellation | undefined;
  /** The request's, to ask again who a subscriber is. */
  readonly headers: RequestHeaders;
}

/** The context of one request. A class, so that a call pays for no functions of its own. */
export class RequestContext implements GraphqlContext {
  readonly caller: Caller;
  readonly view: View;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  readonly #request: GraphqlRequest;
  readonly #batching = new Batching();
  #slots: Slots | undefined;

  constructor(request: GraphqlRequest) {
    this.caller = request.admission.caller;
    this.view = request.admission.view;
    this.correlationId = request.correlationId;
    this.texts = request.texts;
    this.#request = request;
  }

  execute(call: NamedCall): Promise<ToolExecution> {
    const { admission } = this.#request;
    // Aliased fields begin all at once: a hundred of them must not be refused for the fifty that run.
    const hasToWait = call.isTyped === true && !travelsTogether(admission.view, call.serverId, call.toolName);
    if (!hasToWait) return this.#run(call);
    this.#slots ??= new Slots(admission.generation.settings.gateway.limits.concurrentCallsPerCaller);
    return this.#slots.use(() => this.#run(call));
  }

  #run(call: NamedCall): Promise<ToolExecution> {
    const { gateway, admission, correlationId, signal } = this.#request;
    const { caller } = admission;
    const batching = this.#batching;
    return gateway.run({ ...call, door: "graphql", caller, correlationId, signal, batching }, admission);
  }

  get live(): GraphqlContext["live"] {
    const { gateway, admission, headers } = this.#request;
    const { progress, catalogue } = gateway.live;
    return {
      progress: (id) => progress.subscribe(admission.caller, id),
      catalogue: () => catalogue.subscribe(admission.caller, admission.view, () => gateway.identify(headers)),
    };
  }

  readResult(query: ResultQuery): ResultPage | Promise<ResultPage> {
    const { gateway, admission } = this.#request;
    return readResult(gateway.results, admission, query);
  }
}

/** The same context with properties of its own only: Yoga copies them into an object that it made. */
export function copyable(context: GraphqlContext): GraphqlContext {
  const { caller, view, correlationId, texts, live } = context;
  return {
    caller,
    view,
    correlationId,
    texts,
    live,
    execute: (call) => context.execute(call),
    readResult: (query) => context.readResult(query),
  };
}
