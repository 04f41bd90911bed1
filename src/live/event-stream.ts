/** Events on their way to one subscriber: a bounded queue that is read as an asynchronous iterator. */

/** Waiting events kept for a slow reader; of older ones only the newest matter. */
const MOST_WAITING = 64;

type Waiting<T> = PromiseWithResolvers<IteratorResult<T, undefined>>;

/**
 * @example
 * const stream = new EventStream<number>(() => console.log("reader gone"));
 * stream.push(1);
 * for await (const event of stream) …
 */
export class EventStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #onClose: () => void;
  readonly #events: T[] = [];
  readonly #readers: Waiting<T>[] = [];
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  /** `onClose` is called once, when the stream ends from either side. */
  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  push(event: T): void {
    if (this.#isOver) return;
    const reader = this.#readers.shift();
    if (reader) return reader.resolve({ done: false, value: event });
    if (this.#events.length >= MOST_WAITING) this.#events.shift();
    this.#events.push(event);
  }

  /** No more events: the reader gets those that wait, then the end. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
    this.#onClose();
  }

  /** The reader gets the events that wait, then this error. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#failure = { error };
    const reader = this.#readers.shift();
    if (reader) {
      this.#failure = undefined;
      reader.reject(error);
    }
    this.end();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#events.length > 0) return Promise.resolve({ done: false, value: this.#events.shift()! });
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    const reader = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#readers.push(reader);
    return reader.promise;
  }

  /** The reader went away. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#events.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.return().then(() => {});
  }
}
