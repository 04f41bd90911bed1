/** One running read that several callers wait for: whoever leaves takes nobody else's answer along. */
import type { Cancellation } from "../cancellation.ts";
import type { ServerRuntime } from "../registry/server-runtime.ts";
import type { Execution } from "./execution.ts";
import { callerGone } from "./stages/deadline.ts";

/** What a flight needs until it lands. */
interface Flying {
  /** The call that asks the server; it goes on when its own caller leaves and others wait. */
  readonly pilot: Execution;
  /** What the pilot's question to the server will come to. */
  readonly result: Promise<unknown>;
  /** Where others find it meanwhile, and under which question. */
  readonly flights: Map<string, Flight>;
  readonly question: string;
}

/**
 * Landed, it holds on to nothing: a map that calls come to and leave keeps what it held each time it grew until the next
 * full collection of garbage, and with it would keep the outputs of most calls.
 */
export class Flight {
  /** Of the server when it began: who comes after a write asks anew. */
  readonly generation: string;
  #flying: Flying | undefined;
  /** Until the server has answered, whether or not anybody still waits for it. */
  #runtime: ServerRuntime | undefined;
  #waiting = 0;

  constructor(generation: string, flying: Flying) {
    this.generation = generation;
    this.#flying = flying;
    this.#runtime = flying.pilot.target().server.runtime;
    this.#runtime.enter();
    flying.flights.set(flying.question, this);
  }

  /** Waits for the result, as long as the execution's caller is there. The pilot joins first. */
  join(execution: Execution): Promise<unknown> {
    if (!this.#flying) throw new Error("invariant: only a flight under way can be joined");
    const { result, pilot } = this.#flying;
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const passenger = new Passenger(this, execution, pilot, reject);
      passenger.board();
      // Also for one that left at once: the server's answer is waited for, and its failure is nobody else's to catch.
      result.then(
        (output) => {
          this.#arrive();
          passenger.arrive();
          resolve(output);
        },
        (error: unknown) => {
          this.#arrive();
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

  #arrive(): void {
    this.#runtime?.leave();
    this.#runtime = undefined;
    this.#land();
  }

  /** Nobody may join any more. */
  #land(): void {
    if (!this.#flying) return;
    const { flights, question } = this.#flying;
    if (flights.get(question) === this) flights.delete(question);
    this.#flying = undefined;
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

  board(): void {
    this.#signal?.addEventListener("abort", this, ONCE);
    // It may have left already.
    if (this.#signal?.aborted) this.handleEvent();
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
