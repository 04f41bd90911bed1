/** A value that must never be printed: it shows as `[redacted]` in strings, JSON and inspection. */
import { inspect } from "node:util";

const REDACTED = "[redacted]";

/**
 * Wraps a secret. Only {@link Secret.reveal} gives the value, and only the code that sends it should ask.
 *
 * @example
 * const token = new Secret("xoxb-…");
 * `${token}`; // "[redacted]"
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Never log or return it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
