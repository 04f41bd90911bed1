/** One running read that several callers wait for: whoever leaves takes nobody else's answer along. */
import type { Cancellation } from "../cancellation.ts";
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

  /** `result` is what the pilot's question to the server will come to. */
  start(result: Promise<unknown>): void {
    const flying = this.#flying;
    if (!flying) throw new Error("invariant: a flight is started once");
    flying.result = result;
    const { runtime } = flying.pilot.target().server;
    runtime.enter();
    const landed = () => {
      runtime.leave();
      this.#land();
    };
    // Every caller may have left before it fails.
    result.then(landed, landed);
  }

  #land(): void {
    this.#flying?.land();
    this.#flying = undefined;
  }

  /** Waits for the result, as long as the execution's caller is there. */
  join(execution: Execution): Promise<unknown> {
    const { result, pilot } = this.#flying ?? {};
    if (!result || !pilot) throw new Error("invariant: only a flight under way can be joined");
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const passenger = new Passenger(this, execution, pilot, reject);
      if (!passenger.board()) return;
      result.then(
        (output) => {
          passenger.arrive();
          resolve(output);
        },
        (error: unknown) => {
          passenger.arrive();
          reject(error);
        },
      );
    });
  }

  leave(pilot: Execution): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    pilot.isDeserted = true;
    this.#land();
    pilot.giveUp();
  }
}

const ONCE = { once: true };

/** One caller that waits, and listens for its own leaving. */
class Passenger {
  readonly #flight: Flight;
  readonly #execution: Execution;
  readonly #pilot: Execution;
  readonly #reject: (error: unknown) => void;
  readonly #signal: Cancellation | undefined;

  constructor(flight: Flight, execution: Execution, pilot: Execution, reject: (error: unknown) => void) {
    this.#flight = flight;
    this.#execution = execution;
    this.#pilot = pilot;
    this.#reject = reject;
    this.#signal = execution.call.signal;
  }

  /** `false` for a caller that has left already. */
  board(): boolean {
    this.#signal?.addEventListener("abort", this, ONCE);
    if (this.#signal?.aborted !== true) return true;
    this.handleEvent();
    return false;
  }

  arrive(): void {
    this.#signal?.removeEventListener("abort", this);
    this.#execution.cached = this.#pilot.cached;
    this.#execution.ageMs = this.#pilot.ageMs;
  }

  /** The caller went away. */
  handleEvent(): void {
    this.#flight.leave(this.#pilot);
    this.#reject(callerGone(this.#signal));
  }
}
