/** Stage: holds calls to what a server takes: the limits configured for it, and the waits it asks for itself. */
import { callerKey } from "../../auth/caller.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { ServerEntry } from "../../registry/server-entry.ts";
import type { ServerRuntime } from "../../registry/server-runtime.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Execution, Stage, Step } from "../execution.ts";
import { MAX_WAIT_MS, ServerGate } from "../server-gate.ts";
import { ServerPauses } from "../server-pauses.ts";

/** What `details.scope` of a server's 429 says it is about: one kind of call, or only the thing that was asked for. */
const TOOL_SCOPES: ReadonlySet<unknown> = new Set(["tool", "method", "endpoint"]);
const NARROW_SCOPES: ReadonlySet<unknown> = new Set(["issue", "channel", "resource"]);

export interface ServerLimits {
  /** `MCP_RATE_LIMIT_EXCEEDED`, at once or after a short wait in a queue that is fair among callers. */
  readonly admit: Stage;
  /** Told each attempt's error: until the wait of a 429 is over, `admit` refuses further calls with the same error. */
  readonly hear: (error: unknown, execution: Execution) => void;
}

export function createServerLimits(state: Pick<StateStore, "limiter" | "signals">): ServerLimits {
  const pauses = new ServerPauses(state.signals);
  const gates = new WeakMap<ServerRuntime, ServerGate>();
  const gateOf = ({ runtime, settings }: ServerEntry): ServerGate => {
    let gate = gates.get(runtime);
    if (!gate) gates.set(runtime, (gate = new ServerGate(settings, state)));
    return gate;
  };
  return {
    admit: (next) => (execution) => {
      const { server, tool } = execution.target();
      const refusal = pauses.of(server, tool.name);
      if (refusal) return Promise.reject(refusal);
      const gate = gateOf(server);
      return gate.isLimited ? limited(next, execution, gate, pauses) : next(execution);
    },
    hear: (error, execution) => pauseAfter(error, execution, pauses),
  };
}

async function limited(next: Step, execution: Execution, gate: ServerGate, pauses: ServerPauses): Promise<unknown> {
  const { server, tool } = execution.target();
  const { call } = execution;
  const remainingMs = Math.min(
    server.settings.timeoutMs - execution.elapsedMs(),
    (call.deadlineAt ?? Infinity) - performance.now(),
  );
  const entering = gate.enter({
    caller: callerKey(call.caller),
    patienceMs: Math.min(MAX_WAIT_MS, Math.max(1, remainingMs)),
    isGone: () => execution.isAbandoned,
  });
  if (entering) {
    await entering;
    execution.hasWaited = true;
  }
  try {
    const refusal = pauses.of(server, tool.name);
    if (refusal) throw refusal;
    return await next(execution);
  } finally {
    gate.leave();
  }
}

function pauseAfter(error: unknown, execution: Execution, pauses: ServerPauses): void {
  if (!(error instanceof CatalogueError) || error.code !== "MCP_RATE_LIMIT_EXCEEDED" || !error.retryAfterMs) return;
  const scope = (error.details as { scope?: unknown } | undefined)?.scope;
  if (NARROW_SCOPES.has(scope)) return;
  const { server, tool } = execution.target();
  pauses.begin(server, TOOL_SCOPES.has(scope) ? tool.name : undefined, error);
}
