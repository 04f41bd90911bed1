/** Lets long work share the process: after a few milliseconds of it everything else gets a turn. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of work between two turns of the others. */
const SLICE_MS = 4;

/**
 * @example
 * const slice = new TimeSlice();
 * for (const tool of tools) {
 *   if (slice.isOver) await slice.pause();
 *   translate(tool);
 * }
 */
export class TimeSlice {
  #endsAt = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** Resolves when whatever was waiting has had its turn. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#endsAt = performance.now() + SLICE_MS;
  }
}

/** Does work of many small steps, between which others have their turn, and gives its result. */
export async function inTurns<Result>(work: Generator<unknown, Result>): Promise<Result> {
  const slice = new TimeSlice();
  for (;;) {
    if (slice.isOver) await slice.pause();
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does the same work without a pause. */
export function atOnce<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
