/** A place of a schema that GraphQL's types cannot express, and why. */
export interface Fallback {
  /** JSON pointer from the schema's root with what it belongs to, for example `input#/properties/fields`. */
  readonly place: string;
  readonly reason: string;
}

/** Collects fallbacks, each once, and no more than an operator would read. */
export class Fallbacks {
  readonly #side: "input" | "output";
  readonly #found = new Map<string, Fallback>();

  constructor(side: "input" | "output") {
    this.#side = side;
  }

  add(pointer: string, reason: string): void {
    const place = `${this.#side}#${pointer}`;
    if (this.#found.size < 200 && !this.#found.has(place)) this.#found.set(place, { place, reason });
  }

  list(): Fallback[] {
    return [...this.#found.values()];
  }
}
