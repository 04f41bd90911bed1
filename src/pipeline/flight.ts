/** One running read that several callers wait for: whoever leaves takes nobody else's answer along. */
import type { Execution } from "./execution.ts";
import { callerGone } from "./stages/deadline.ts";

/** What a flight needs until it lands. */
interface Flying {
  /** The call that asks the server; it goes on when its own caller leaves and others wait. */
  readonly pilot: Execution;
  /** Told once when nobody may join any more. */
  readonly land: () => void;
  result: Promise<unknown> | undefined;
}

/**
 * Landed, it holds on to nothing: a map that calls come to and leave keeps what it held each time it grew until the next
 * full collection of garbage, and with it would keep the outputs of most calls.
 */
export class Flight {
  /** Of the server when it began: who comes after a write asks anew. */
  readonly generation: string;
  #flying: Flying | undefined;
  #waiting = 0;

  /** @param land told once when nobody may join any more */
  constructor(pilot: Execution, generation: string, land: () => void) {
    this.generation = generation;
    this.#flying = { pilot, land, result: undefined };
    pilot.isDetached = true;
  }

  start(read: () => Promise<unknown>): void {
    const flying = this.#flying;
    if (!flying) throw new Error("invariant: a flight is started once");
    flying.result = this.#fly(read, flying.pilot);
    // Every caller may have left before it fails.
    flying.result.catch(() => {});
  }

  async #fly(read: () => Promise<unknown>, pilot: Execution): Promise<unknown> {
    const { runtime } = pilot.target().server;
    runtime.enter();
    try {
      return await read();
    } finally {
      runtime.leave();
      this.#land();
    }
  }

  #land(): void {
    this.#flying?.land();
    this.#flying = undefined;
  }

  /** Waits for the result, as long as the execution's caller is there. */
  join(execution: Execution): Promise<unknown> {
    const { signal } = execution.call;
    const { result, pilot } = this.#flying ?? {};
    if (!result || !pilot) throw new Error("invariant: only a flight under way can be joined");
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#leave(pilot);
        reject(callerGone(signal));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      result.then(
        (output) => {
          signal?.removeEventListener("abort", leave);
          execution.cached = pilot.cached;
          execution.ageMs = pilot.ageMs;
          resolve(output);
        },
        (error: unknown) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      );
    });
  }

  #leave(pilot: Execution): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    pilot.isDeserted = true;
    this.#land();
    pilot.giveUp?.();
  }
}
