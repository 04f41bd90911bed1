/** Stage: equal reads that come together share one call, and a result may be served again while its time to live lasts. */
import { hash } from "node:crypto";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import { CALLER_GONE } from "../../registry/breaker-evidence.ts";
import { canonicalJson } from "../../state/canonical-json.ts";
import type { KeptResult, Results } from "../../state/results.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Execution, Stage, Step } from "../execution.ts";
import { Flight } from "../flight.ts";
import { readScope, type ReadScope } from "../read-scope.ts";

/** Errors instead of which an old result may be served: the server could not answer, rather than would not. */
const SERVER_UNAVAILABLE: ReadonlySet<string> = new Set([
  "MCP_CONNECTION_ERROR",
  "MCP_SERVER_ERROR",
  "MCP_RATE_LIMIT_EXCEEDED",
  "MCP_CIRCUIT_OPEN",
]);

/**
 * Reads are equal when server, tool, credential, input and the conversation around them are. A write invalidates its
 * server's results at its start and its end, so that no read begun before it is served after it.
 */
export function sharedReads(state: Pick<StateStore, "results">): Stage {
  return (next) => (execution) => {
    const { server, tool } = execution.target();
    const { results } = state;
    if (tool.effect !== "read") return write(next, execution, results);
    const question = questionOf(execution);
    if (question === undefined) return next(execution);
    const scope = readScope(server, tool);
    if (execution.call.noCache) return read(next, execution, results, scope, question);
    const generation = results.generation(server.id);
    const running = scope.flights.get(question);
    if (running?.generation === generation) return running.join(execution);
    // Others may wait for its answer, and go on when its own caller leaves.
    execution.isDetached = true;
    const result = read(next, execution, results, scope, question);
    return new Flight(generation, { pilot: execution, result, flights: scope.flights, question }).join(execution);
  };
}

/** `undefined` for an input that is not plain JSON once it was parsed: such reads are never taken for equal. */
function questionOf({ input, call }: Execution): string | undefined {
  const { conversationContext, userPreferences } = call;
  try {
    return conversationContext === undefined && userPreferences === undefined
      ? canonicalJson(input)
      : canonicalJson([input, conversationContext, userPreferences]);
  } catch {
    return undefined;
  }
}

function read(
  next: Step,
  execution: Execution,
  results: Results,
  scope: ReadScope,
  question: string,
): Promise<unknown> {
  const { server, tool } = execution.target();
  const ttlMs = tool.cacheTtlMs ?? server.settings.cacheTtlMs ?? 0;
  if (ttlMs === 0) return next(execution);
  return readThroughCache(next, execution, results, hash("sha256", scope.text + question, "base64url"), ttlMs);
}

async function readThroughCache(
  next: Step,
  execution: Execution,
  results: Results,
  key: string,
  ttlMs: number,
): Promise<unknown> {
  const { server } = execution.target();
  const { generation, kept } = await results.lookup(server.id, key);
  if (kept && kept.ageMs < ttlMs && !execution.call.noCache) return serve(kept, execution);
  const staleMs = server.settings.staleIfErrorMs ?? 0;
  try {
    const output = await next(execution);
    results.keep(server.id, key, generation, output, ttlMs + staleMs);
    return output;
  } catch (error) {
    if (staleMs === 0 || execution.call.noCache || !isUnavailable(error)) throw error;
    // Asked again, since a write may have come meanwhile: what it may have changed is not served.
    const old = (await results.lookup(server.id, key)).kept;
    if (!old) throw error;
    return serve(old, execution);
  }
}

function serve(kept: KeptResult, execution: Execution): unknown {
  execution.cached = true;
  execution.ageMs = kept.ageMs;
  return kept.output;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof CatalogueError && error.cause !== CALLER_GONE && SERVER_UNAVAILABLE.has(error.code);
}

async function write(next: Step, execution: Execution, results: Results): Promise<unknown> {
  const { server } = execution.target();
  void results.invalidate(server.id);
  try {
    return await next(execution);
  } finally {
    await results.invalidate(server.id);
  }
}
