/** Finds what YAML can express and JSON cannot: values that hold themselves, sets, binaries, infinite numbers. */
import type { FaultAt } from "./fault.ts";

/** The first such place in `value`, or `undefined` when it is plain data all through. */
export function plainDataFault(
  value: unknown,
  path: readonly (string | number)[] = [],
  within: readonly unknown[] = [],
): FaultAt | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return { path, problem: "is not a finite number" };
  if (typeof value !== "object" || value === null) return undefined;
  if (within.includes(value)) return { path, problem: "holds itself", expected: "an alias of something else" };
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    return {
      path,
      problem: "is of a type that JSON does not have",
      expected: "text, a number, true or false, a list or a mapping",
    };
  }
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [part, item] of parts) {
    const fault = plainDataFault(item, [...path, part], [...within, value]);
    if (fault) return fault;
  }
  return undefined;
}
