/** A queue in which callers take turns: one that sends a hundred calls does not stand before one that sends two. */

export class FairQueue<T> {
  /** Callers in the order of their turns, each with its own calls in the order they came. */
  readonly #lanes = new Map<string, Set<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(caller: string, item: T): void {
    const lane = this.#lanes.get(caller);
    if (lane) lane.add(item);
    else this.#lanes.set(caller, new Set([item]));
    this.#size += 1;
  }

  /** Takes the next item; its caller's turn comes again after everybody else's. */
  shift(): T | undefined {
    const [turn] = this.#lanes;
    if (!turn) return undefined;
    const [caller, lane] = turn;
    const [item] = lane;
    lane.delete(item!);
    this.#size -= 1;
    this.#lanes.delete(caller);
    if (lane.size > 0) this.#lanes.set(caller, lane);
    return item;
  }

  remove(caller: string, item: T): void {
    const lane = this.#lanes.get(caller);
    if (!lane?.delete(item)) return;
    this.#size -= 1;
    if (lane.size === 0) this.#lanes.delete(caller);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const lane of this.#lanes.values()) yield* lane;
  }
}
