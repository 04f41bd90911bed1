/** Evaluates JMESPath for strangers: the library's interpreter, held to a budget and to the data's own properties. */
import { TreeInterpreter, type JSONValue, type compile } from "@jmespath-community/jmespath";
import { isObject } from "../is-object.ts";
import { SelectBudget, SelectProblem } from "./select-budget.ts";

export type Expression = ReturnType<typeof compile>;
type Value = JSONValue | Expression;
type Interpreter = typeof TreeInterpreter;
type CallFunction = Interpreter["runtime"]["callFunction"];

/** Characters of text that one step pays for. */
const TEXT_PER_STEP = 32;

// The library exports one instance of the class and not the class.
const Library = TreeInterpreter.constructor as new () => Interpreter;

class BoundedInterpreter extends Library {
  budget = new SelectBudget();
  /** The names an expression may call. */
  readonly functions: ReadonlySet<string>;

  constructor() {
    super();
    const { runtime } = this;
    this.functions = new Set(runtime.getRegistered());
    const callFunction: CallFunction = runtime.callFunction.bind(runtime);
    runtime.callFunction = (name, args) => {
      this.payFor(name, args);
      // The library trims by regular expressions that take quadratic time.
      if (name === "trim" && args.length === 1 && typeof args[0] === "string") return args[0].trim();
      const result = callFunction(name, args);
      if (name === "zip") this.budget.build(result);
      return result;
    };
  }

  override visit(node: Expression, value: Value): ReturnType<Interpreter["visit"]> {
    const { budget } = this;
    budget.step(1);
    switch (node.type) {
      case "Field":
        // Own properties only: `constructor` and `__proto__` of the data's prototypes are nobody's business.
        return isObject(value) && Object.hasOwn(value, node.name) ? ((value[node.name] as JSONValue) ?? null) : null;
      case "MultiSelectHash": {
        // fromEntries defines own properties, so a field named `__proto__` is one like any other.
        const built = Object.fromEntries(
          node.children.map((child) => [child.name, this.visit(child.value, value) as JSONValue]),
        );
        budget.build(built);
        return built;
      }
      case "MultiSelectList": {
        const built = super.visit(node, value);
        budget.build(built);
        return built;
      }
      case "Flatten":
      case "Slice": {
        const result = super.visit(node, value);
        if (Array.isArray(result)) budget.step(result.length);
        return result;
      }
      case "Comparator": {
        if (node.name === "EQ" || node.name === "NE") budget.build(super.visit(node.left, value));
        return super.visit(node, value);
      }
      default: {
        const result = super.visit(node, value);
        if (typeof result === "string") budget.step(result.length / TEXT_PER_STEP);
        return result;
      }
    }
  }

  /** Within `let`: the same interpreter and budget, one more scope. */
  override withScope(scope: Parameters<Interpreter["withScope"]>[0]): Interpreter {
    const inner = Object.create(this) as BoundedInterpreter;
    Object.assign(inner, { _scope: (super.withScope(scope) as unknown as { _scope: unknown })._scope });
    return inner;
  }

  payFor(name: string, args: readonly unknown[]): void {
    const { budget } = this;
    for (const argument of args) {
      if (Array.isArray(argument)) budget.step(argument.length);
      else if (typeof argument === "string") budget.step(argument.length / TEXT_PER_STEP);
    }
    const [first, second, third, fourth] = args;
    switch (name) {
      case "pad_left":
      case "pad_right":
        return budget.buildLength(Number(second));
      case "to_string":
        return budget.build(first);
      case "join":
        if (Array.isArray(second)) budget.buildLength(joinedLength(String(first), second));
        return undefined;
      case "split":
        return budget.buildLength(String(first).length * 4);
      case "replace": {
        const times = fourth === undefined ? String(first).length + 1 : Number(fourth);
        return budget.buildLength(
          fourth === undefined
            ? String(first).length + times * String(third).length
            : times * (String(first).length + times * String(third).length + 1),
        );
      }
      case "trim":
      case "trim_left":
      case "trim_right":
        if (args.length > 1 || name !== "trim") budget.step(String(first).length ** 2 / TEXT_PER_STEP);
        return undefined;
      case "sort":
        if (Array.isArray(first)) {
          const text = first.reduce((sum: number, item) => sum + (typeof item === "string" ? item.length : 1), 0);
          budget.step((text * Math.log2(first.length + 1)) / 4);
        }
        return undefined;
      case "length":
        if (typeof first === "string") budget.step(first.length / 4);
        return undefined;
      default:
        return undefined;
    }
  }
}

function joinedLength(glue: string, parts: readonly unknown[]): number {
  return parts.reduce((sum: number, part) => sum + glue.length + String(part).length, 0);
}

/** One is enough: evaluation does not wait for anything. */
const interpreter = new BoundedInterpreter();

/** Does the expression call this? */
export function isFunction(name: string): boolean {
  return interpreter.functions.has(name);
}

/** Throws SelectProblem or the library's own errors. Never changes the value. */
export function evaluate(expression: Expression, value: unknown, budget: SelectBudget): unknown {
  interpreter.budget = budget;
  try {
    return interpreter.search(expression, value as JSONValue) ?? null;
  } catch (error) {
    if (error instanceof RangeError) throw new SelectProblem("it takes too much work on this output");
    throw error;
  }
}
