/** `select`: a JMESPath expression of a stranger, compiled before anything runs and applied to what came back. */
import { compile } from "@jmespath-community/jmespath";
import { LRUCache } from "lru-cache";
import { SelectBudget, SelectProblem } from "./select-budget.ts";
import { evaluate, isFunction, type Expression } from "./select-interpreter.ts";

/** Longest expression, characters. */
const MAX_SELECT_LENGTH = 2_000;

/** A compiled expression. */
export interface Selection {
  /** The selected part; `null` where there is nothing. The value stays as it is. Throws SelectProblem. */
  apply(value: unknown, budget?: SelectBudget): unknown;
}

const compiled = new LRUCache<string, Selection>({ max: 500 });

/**
 * Compiles an expression, or throws SelectProblem: its syntax, its length, a function that does not exist.
 *
 * @see https://jmespath.site/main/ the grammar (JMESPath Community)
 * @example
 * compileSelect("issues[].key").apply({ issues: [{ key: "A-1" }] }); // ["A-1"]
 */
export function compileSelect(select: string): Selection {
  const known = compiled.get(select);
  if (known) return known;
  if (select.length > MAX_SELECT_LENGTH) throw new SelectProblem(`it is over ${MAX_SELECT_LENGTH} characters`);
  const expression = orProblem(() => compile(select), "it is not a JMESPath expression");
  const unknown = unknownFunction(expression);
  if (unknown !== undefined) throw new SelectProblem(`there is no function ${unknown.slice(0, 80)}()`);
  const selection: Selection = {
    apply: (value, budget = new SelectBudget()) =>
      orProblem(() => evaluate(expression, value, budget), "it cannot be applied to this output"),
  };
  compiled.set(select, selection);
  return selection;
}

function orProblem<T>(work: () => T, otherwise: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SelectProblem) throw error;
    // The library throws plain Errors to be read, and TypeErrors and RangeErrors by accident.
    const isReadable = error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError);
    throw new SelectProblem(isReadable ? error.message.slice(0, 300) : otherwise, { cause: error });
  }
}

/** Names of functions that are not there are known before the first run; the library finds out while running. */
function unknownFunction(node: unknown): string | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  const { type, name } = node as { type?: unknown; name?: unknown };
  if (type === "Literal") return undefined;
  if (type === "Function" && typeof name === "string" && !isFunction(name)) return name;
  for (const inner of Object.values(node as Expression)) {
    const found = unknownFunction(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
