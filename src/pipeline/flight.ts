/** One running read that several callers wait for: whoever leaves takes nobody else's answer along. */
import type { Execution } from "./execution.ts";
import { callerGone } from "./stages/deadline.ts";

export class Flight {
  /** Of the server when it began: who comes after a write asks anew. */
  readonly generation: string;
  /** The call that asks the server; it goes on when its own caller leaves and others wait. */
  readonly #pilot: Execution;
  readonly #land: () => void;
  #result: Promise<unknown> | undefined;
  #waiting = 0;

  /** @param land told once when nobody may join any more */
  constructor(pilot: Execution, generation: string, land: () => void) {
    this.#pilot = pilot;
    this.generation = generation;
    this.#land = land;
    pilot.isDetached = true;
  }

  start(read: () => Promise<unknown>): void {
    this.#result = this.#fly(read);
    // Every caller may have left before it fails.
    this.#result.catch(() => {});
  }

  async #fly(read: () => Promise<unknown>): Promise<unknown> {
    const { runtime } = this.#pilot.target().server;
    runtime.enter();
    try {
      return await read();
    } finally {
      runtime.leave();
      if (!this.#pilot.isDeserted) this.#land();
    }
  }

  /** Waits for the result, as long as the execution's caller is there. */
  join(execution: Execution): Promise<unknown> {
    const { signal } = execution.call;
    const result = this.#result;
    if (!result) throw new Error("invariant: a flight is started before anyone joins");
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#leave();
        reject(callerGone(signal));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      result.then(
        (output) => {
          signal?.removeEventListener("abort", leave);
          execution.cached = this.#pilot.cached;
          execution.ageMs = this.#pilot.ageMs;
          resolve(output);
        },
        (error: unknown) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      );
    });
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#pilot.isDeserted = true;
    this.#land();
    this.#pilot.giveUp?.();
  }
}
