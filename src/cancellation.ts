/** Tells running work once to stop: what an AbortSignal does, at a fraction of its cost. Every call makes several. */

export type CancellationListener = (() => void) | { handleEvent(): void };

/**
 * The part of an AbortSignal (https://dom.spec.whatwg.org/#interface-AbortSignal) that the gateway's own code listens to,
 * so that one of a web `Request` will do as well.
 */
export interface Cancellation {
  readonly aborted: boolean;
  /** Why; of no meaning before. */
  readonly reason: unknown;
  addEventListener(type: "abort", listener: CancellationListener, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: CancellationListener): void;
}

/**
 * Nothing of it is made before somebody asks for it; listeners are told once, in the order they came.
 *
 * @example
 * const call = new Canceller();
 * call.addEventListener("abort", () => socket.destroy());
 * call.abort(new Error("the caller left"));
 */
export class Canceller implements Cancellation {
  aborted = false;
  reason: unknown = undefined;
  #listeners: CancellationListener[] | undefined;
  #controller: AbortController | undefined;

  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    this.#controller?.abort(reason);
    for (const listener of listeners ?? []) {
      try {
        if (typeof listener === "function") listener();
        else listener.handleEvent();
      } catch (error) {
        // As an AbortSignal does: the others are told all the same, and the error is nobody's to catch.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  addEventListener(_type: "abort", listener: CancellationListener): void {
    if (this.aborted) return;
    if (this.#listeners) this.#listeners.push(listener);
    else this.#listeners = [listener];
  }

  removeEventListener(_type: "abort", listener: CancellationListener): void {
    const listeners = this.#listeners;
    if (!listeners) return;
    if (listeners.length === 1) {
      if (listeners[0] === listener) this.#listeners = undefined;
      return;
    }
    const index = listeners.indexOf(listener);
    if (index >= 0) listeners.splice(index, 1);
  }

  /** A real AbortSignal, for what does not belong to the gateway: a tool's own code, a timer, `fetch`. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }
}

/** The cancellation as an AbortSignal. */
export function signalOf(cancellation: Cancellation): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation;
  if (cancellation instanceof Canceller) return cancellation.signal;
  const canceller = new Canceller();
  if (cancellation.aborted) canceller.abort(cancellation.reason);
  else cancellation.addEventListener("abort", () => canceller.abort(cancellation.reason), { once: true });
  return canceller.signal;
}
