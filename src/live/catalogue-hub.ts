/** Tells callers when servers or tools they may use come, go or change. */
import type { Caller } from "../auth/caller.ts";
import type { Registry } from "../registry/registry.ts";
import type { View } from "../registry/view.ts";
import { catalogueDiff, healthOf, type CatalogueChange, type Health } from "./catalogue-diff.ts";
import type { EventStream } from "./event-stream.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Asks again who a subscriber is: its credential may have been withdrawn since. Throws catalogue errors. */
export type Identify = () => Caller | Promise<Caller>;

interface Subscriber {
  readonly stream: EventStream<CatalogueChange>;
  readonly identify: Identify;
  seen: { readonly view: View; readonly health: Health };
  /** Changes are worked out one after the other. */
  work: Promise<void>;
}

export class CatalogueHub {
  readonly #registry: Registry;
  readonly #subscriptions: Subscriptions;
  readonly #subscribers = new Set<Subscriber>();
  #stopListening: (() => void) | undefined;

  constructor(registry: Registry, subscriptions: Subscriptions) {
    this.#registry = registry;
    this.#subscriptions = subscriptions;
  }

  /** `RATE_LIMIT_EXCEEDED`. The stream fails when the subscriber's credential is no longer accepted. */
  subscribe(caller: Caller, view: View, identify: Identify): EventStream<CatalogueChange> {
    const stream = this.#subscriptions.open<CatalogueChange>(caller, () => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    });
    const subscriber: Subscriber = {
      stream,
      identify,
      seen: { view, health: healthOf(view) },
      work: Promise.resolve(),
    };
    this.#subscribers.add(subscriber);
    this.#stopListening ??= this.#registry.onChange(() => this.#changed());
    return stream;
  }

  #changed(): void {
    for (const subscriber of this.#subscribers) {
      subscriber.work = subscriber.work
        .then(() => this.#tell(subscriber))
        .catch((error: unknown) => subscriber.stream.fail(error));
    }
  }

  async #tell(subscriber: Subscriber): Promise<void> {
    const caller = await subscriber.identify();
    const { current } = this.#registry;
    if (!current) return;
    const view = current.viewOf(caller);
    const now = { view, health: healthOf(view) };
    const change = await catalogueDiff(subscriber.seen, now);
    subscriber.seen = now;
    if (change) subscriber.stream.push(change);
  }
}
