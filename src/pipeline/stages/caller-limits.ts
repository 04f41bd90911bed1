/** Stage: holds each caller to its own limits. What counts is the tool call, however many of them one request carries. */
import { callerKey, type Caller } from "../../auth/caller.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { StateStore } from "../../state/state-store.ts";
import { CallerRate } from "../caller-rate.ts";
import type { Execution, Stage, Step } from "../execution.ts";

/** Told to a caller that has to wait for its own calls, milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** `RATE_LIMIT_EXCEEDED`. Calls that run at the same time are counted in this process, the rate wherever the state is. */
export function callerLimits(state: Pick<StateStore, "limiter">): Stage {
  const rate = new CallerRate(state);
  const running = new RunningCalls();
  return (next) => (execution) => {
    const { limits } = execution.generation.settings.gateway;
    const { caller } = execution.call;
    // Reads that travel together are one call to the server: the first of them counts.
    if (!execution.seat?.isCompanion) {
      const before = running.of(caller);
      if (before >= limits.concurrentCallsPerCaller) return Promise.reject(tooMany(before));
      running.enter(caller);
      execution.running = running;
    }
    try {
      const counting = execution.isPrepaid ? undefined : rate.count(caller, limits);
      return counting ? counted(counting, next, execution) : next(execution);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** Where the rate is shared between replicas, its answer is waited for. */
async function counted(counting: Promise<void>, next: Step, execution: Execution): Promise<unknown> {
  await counting;
  return next(execution);
}

/** How many calls of each caller run; `record` signs each off. */
export class RunningCalls {
  readonly #calls = new Map<string, number>();

  of(caller: Caller): number {
    return this.#calls.get(callerKey(caller)) ?? 0;
  }

  enter(caller: Caller): void {
    this.#calls.set(callerKey(caller), this.of(caller) + 1);
  }

  leave(caller: Caller): void {
    const left = this.of(caller) - 1;
    if (left === 0) this.#calls.delete(callerKey(caller));
    else this.#calls.set(callerKey(caller), left);
  }
}

function tooMany(running: number): CatalogueError {
  return new CatalogueError("RATE_LIMIT_EXCEEDED", `You have ${running} calls running, as many as you may.`, {
    retryAfterMs: ASK_AGAIN_MS,
    acted: "no",
  });
}
