/** What a JMESPath expression may spend: steps of work and characters of what it builds. */
import { jsonLengthWithin } from "./json-length.ts";

/** Why an expression cannot be used; its message is shown to the caller. */
export class SelectProblem extends Error {
  override readonly name = "SelectProblem";
}

const MAX_STEPS = 1_000_000;
const MAX_BUILT = 12 * 1024 * 1024;

/** One budget an evaluation; several evaluations of one request may share a budget. */
export class SelectBudget {
  #steps: number;
  #built: number;

  /** `share` scales both bounds. */
  constructor(share = 1) {
    this.#steps = MAX_STEPS * share;
    this.#built = MAX_BUILT * share;
  }

  /** Throws SelectProblem when the work is used up. */
  step(count: number): void {
    this.#steps -= count;
    if (this.#steps < 0) throw new SelectProblem("it takes too much work on this output");
  }

  /** Pays for a value that was put together: all of its JSON, however often the same part is in it. */
  build(value: unknown): void {
    const length = jsonLengthWithin(value, this.#built);
    if (length === undefined) throw new SelectProblem("it builds too large a result");
    this.#built -= length;
  }

  buildLength(length: number): void {
    this.#built -= length;
    if (!(this.#built >= 0)) throw new SelectProblem("it builds too large a result");
  }
}
