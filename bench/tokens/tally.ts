/** Counts what a model would read and write for a task: definitions, calls and results apart, and the round trips. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";

export class Tally {
  readonly #texts = { definitions: [] as string[], calls: [] as string[], results: [] as string[] };
  roundTrips = 0;

  /** Text about tools that is put in front of the model. */
  define(...definitions: readonly unknown[]): void {
    this.#texts.definitions.push(...definitions.map(textOf));
  }

  /** One request that the model writes and the answers it reads; several calls may travel in one round trip. */
  exchange(calls: readonly unknown[], results: readonly unknown[]): void {
    this.#texts.calls.push(...calls.map(textOf));
    this.#texts.results.push(...results.map(textOf));
    this.roundTrips += 1;
  }

  get row(): { definitions: number; calls: number; results: number; total: number; "round trips": number } {
    const [definitions, calls, results] = [this.#texts.definitions, this.#texts.calls, this.#texts.results].map(
      tokensIn,
    ) as [number, number, number];
    return { definitions, calls, results, total: definitions + calls + results, "round trips": this.roundTrips };
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tokensIn(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + encode(text).length, 0);
}
