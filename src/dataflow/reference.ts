/** References in a call's input: `{"$from": "<call id>", "select": "<JMESPath>"}` stands for what another call answered. */
import { SelectProblem } from "../results/select-budget.ts";
import { compileSelect, type Selection } from "../results/select.ts";

/** `$` cannot be written in the literals of a GraphQL document; there the second spelling stands for the first. */
const FROM = ["$from", "__from"] as const;
const LITERAL = ["$literal", "__literal"] as const;
/** Deepest nesting of an input that may hold references. */
const MAX_DEPTH = 100;

/** One place in an input that another call's result belongs to. */
export interface Reference {
  /** Where its id stands, from the input's root. */
  readonly path: readonly (string | number)[];
  /** Id of the call it refers to. */
  readonly from: string;
  readonly selection: Selection | undefined;
}

/** An input with its references found; `fill` puts values in their places and leaves the input as it is. */
export interface InputTemplate {
  readonly references: readonly Reference[];
  fill(valueOf: (reference: Reference) => unknown): unknown;
}

export type ReferenceFault = (path: readonly (string | number)[], problem: string, expected: string) => void;

type Fill = (valueOf: (reference: Reference) => unknown) => unknown;

/**
 * Finds the references of an input. An object that is only `{"$literal": value}` stands for the value as it is: nothing
 * inside it is a reference, so that any JSON can be sent. `__from` and `__literal` mean the same. Faults are reported, not
 * thrown.
 *
 * @example
 * readTemplate({ issue_key: { $from: "search", select: "issues[0].key" } }, report).references[0].from; // "search"
 */
export function readTemplate(input: unknown, report: ReferenceFault): InputTemplate {
  const references: Reference[] = [];

  const read = (value: unknown, path: readonly (string | number)[]): Fill | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    if (path.length > MAX_DEPTH) {
      if (path.length === MAX_DEPTH + 1) report(path, "is nested too deep", `at most ${MAX_DEPTH} levels`);
      return undefined;
    }
    if (Array.isArray(value)) return readArray(value, path);
    const from = FROM.find((key) => Object.hasOwn(value, key));
    if (from) return readReference(value as Record<string, unknown>, from, path);
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only && (LITERAL as readonly string[]).includes(only[0])) return () => only[1];
    return readEntries(entries, path);
  };

  const readArray = (items: readonly unknown[], path: readonly (string | number)[]): Fill | undefined => {
    const fills = items.map((item, index) => read(item, [...path, index]));
    if (fills.every((fill) => fill === undefined)) return undefined;
    return (valueOf) => items.map((item, index) => (fills[index] ? fills[index](valueOf) : item));
  };

  const readEntries = (
    entries: readonly (readonly [string, unknown])[],
    path: readonly (string | number)[],
  ): Fill | undefined => {
    const fills = entries.map(([key, inner]) => read(inner, [...path, key]));
    if (fills.every((fill) => fill === undefined)) return undefined;
    // fromEntries defines own properties: a key such as __proto__ stays one.
    return (valueOf) =>
      Object.fromEntries(entries.map(([key, inner], index) => [key, fills[index] ? fills[index](valueOf) : inner]));
  };

  const readReference = (
    value: Record<string, unknown>,
    key: (typeof FROM)[number],
    path: readonly (string | number)[],
  ): Fill | undefined => {
    const { [key]: from, select, ...others } = value;
    const [other] = Object.keys(others);
    const escape = `wrap the object in {"$literal": …} to send it as it is`;
    if (other !== undefined) {
      report([...path, other.slice(0, 80)], "does not belong to a reference", `only ${key} and select; ${escape}`);
    } else if (typeof from !== "string" || from === "") {
      report([...path, key], "is not the id of a call", `the id of another call; ${escape}`);
    } else if (select !== undefined && select !== null && typeof select !== "string") {
      report([...path, "select"], "is not text", "a JMESPath expression");
    } else {
      const reference = { path: [...path, key], from, selection: selectionOf(select ?? "", path) };
      references.push(reference);
      return (valueOf) => valueOf(reference);
    }
    return undefined;
  };

  const selectionOf = (select: string, path: readonly (string | number)[]): Selection | undefined => {
    if (select === "") return undefined;
    try {
      return compileSelect(select);
    } catch (error) {
      if (!(error instanceof SelectProblem)) throw error;
      report([...path, "select"], error.message, "a JMESPath expression");
      return undefined;
    }
  };

  const fill = read(input, []);
  return { references, fill: fill ?? (() => input) };
}
