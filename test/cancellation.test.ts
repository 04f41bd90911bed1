/** A cancellation behaves as an AbortSignal does, where the gateway relies on it. */
import { expect, test } from "vitest";
import { Canceller, signalOf, type Cancellation } from "../src/cancellation.ts";

function both(): [string, { readonly abort: (reason: unknown) => void; readonly signal: Cancellation }][] {
  const own = new Canceller();
  const real = new AbortController();
  return [
    ["a canceller", { abort: (reason) => own.abort(reason), signal: own }],
    ["an AbortController", { abort: (reason) => real.abort(reason), signal: real.signal }],
  ];
}

test.each(both())("%s tells those who still listen, once, in the order they came", (_, { abort, signal }) => {
  const heard: string[] = [];
  const left = () => heard.push("left");
  signal.addEventListener("abort", () => heard.push("first"), { once: true });
  signal.addEventListener("abort", left, { once: true });
  signal.addEventListener("abort", { handleEvent: () => heard.push("an object") }, { once: true });
  signal.removeEventListener("abort", left);
  expect(signal.aborted).toBe(false);
  abort("gone");
  abort("gone again");
  expect(heard).toEqual(["first", "an object"]);
  expect(signal).toMatchObject({ aborted: true, reason: "gone" });
});

test.each(both())("%s tells nobody who comes too late, and lets go of whoever left last", (_, { abort, signal }) => {
  const heard: string[] = [];
  const only = () => heard.push("only");
  signal.addEventListener("abort", only);
  signal.removeEventListener("abort", only);
  signal.removeEventListener("abort", only);
  abort("gone");
  signal.addEventListener("abort", () => heard.push("late"));
  expect(heard).toEqual([]);
});

test("a listener that takes another one away while they are told does not cost a third its turn", () => {
  const canceller = new Canceller();
  const heard: string[] = [];
  const second = () => heard.push("second");
  canceller.addEventListener("abort", () => canceller.removeEventListener("abort", second));
  canceller.addEventListener("abort", second);
  canceller.addEventListener("abort", () => heard.push("third"));
  canceller.abort();
  expect(heard).toContain("third");
});

test("code that is not the gateway's gets a real AbortSignal with the same reason, before or after the fact", () => {
  const reason = new Error("the caller left");
  const early = new Canceller();
  const { signal } = early;
  expect(signal).toBeInstanceOf(AbortSignal);
  expect(signal.aborted).toBe(false);
  early.abort(reason);
  expect(signal.reason).toBe(reason);

  const late = new Canceller();
  late.abort(reason);
  expect(late.signal.reason).toBe(reason);

  const real = new AbortController();
  expect(signalOf(real.signal)).toBe(real.signal);
  expect(signalOf(late)).toBe(late.signal);

  // Anything of that form will do.
  const inner = new Canceller();
  const foreign: Cancellation = {
    get aborted() {
      return inner.aborted;
    },
    get reason() {
      return inner.reason;
    },
    addEventListener: (type, listener) => inner.addEventListener(type, listener),
    removeEventListener: (type, listener) => inner.removeEventListener(type, listener),
  };
  const wrapped = signalOf(foreign);
  inner.abort(reason);
  expect(wrapped.reason).toBe(reason);
});
