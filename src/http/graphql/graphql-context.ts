/** What a resolver gets: who asks, what they may see, and the one way to run a tool. */
import type { Caller } from "../../auth/caller.ts";
import type { Admission, Gateway } from "../../gateway.ts";
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

export interface GraphqlContext {
  readonly caller: Caller;
  readonly view: View;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  /** Runs one tool through the pipeline. Never rejects. */
  execute(
    call: Pick<
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
    >,
  ): Promise<ToolExecution>;
  /** Streams of what concerns this caller. Throw `RATE_LIMIT_EXCEEDED`. */
  readonly live: {
    progress(id: string): AsyncIterable<ProgressEvent>;
    catalogue(): AsyncIterable<CatalogueChange>;
  };
  /** A part of a kept result of this caller. Throws catalogue errors. */
  readResult(query: ResultQuery): ResultPage | Promise<ResultPage>;
}

export function createGraphqlContext(options: {
  readonly gateway: Gateway;
  readonly admission: Admission;
  readonly correlationId: string;
  readonly texts: ToolTexts;
  readonly signal: AbortSignal | undefined;
  /** The request's headers by lower-case name, to ask again who a subscriber is. */
  readonly header: (name: string) => string | undefined;
}): GraphqlContext {
  const { gateway, admission, correlationId, texts, signal, header } = options;
  const batching = new Batching();
  let slots: Slots | undefined;
  return {
    caller: admission.caller,
    view: admission.view,
    correlationId,
    texts,
    execute: (call) => {
      const run = () =>
        gateway.run({ ...call, door: "graphql", caller: admission.caller, correlationId, signal, batching }, admission);
      // Aliased fields begin all at once: a hundred of them must not be refused for the fifty that run.
      const hasToWait = call.isTyped === true && !travelsTogether(admission.view, call.serverId, call.toolName);
      if (!hasToWait) return run();
      slots ??= new Slots(admission.generation.settings.gateway.limits.concurrentCallsPerCaller);
      return slots.use(run);
    },
    live: {
      progress: (id) => gateway.live.progress.subscribe(admission.caller, id),
      catalogue: () =>
        gateway.live.catalogue.subscribe(admission.caller, admission.view, () => gateway.identify(header)),
    },
    readResult: (query) => readResult(gateway.results, admission, query),
  };
}
