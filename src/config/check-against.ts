/** Checks data against a zod schema and turns its issues into faults an operator can act on. */
import type { z } from "zod";
import type { FaultAt } from "./fault.ts";
import { knownKeys } from "./known-keys.ts";
import { nearestNames } from "../errors/nearest-names.ts";
import { isObject } from "../is-object.ts";

type Issue = z.core.$ZodIssue;

/**
 * Checks `value` and returns its parsed form or every fault. Values are never quoted: one may be a secret that somebody
 * put in a wrong place.
 *
 * @param at where `value` stands in the document
 */
export function checkAgainst<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: readonly (string | number)[],
): { readonly value: z.output<S> } | { readonly faults: readonly FaultAt[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data };
  return { faults: result.error.issues.flatMap((issue) => faultsOf(issue, schema, value, at)) };
}

function faultsOf(issue: Issue, schema: z.ZodType, value: unknown, at: readonly (string | number)[]): FaultAt[] {
  const path = [...at, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(schema, value, issue.path);
      return issue.keys.map((key) => unknownKey([...path, key], key, known));
    }
    case "invalid_type":
      return [{ path, ...typeProblem(issue) }];
    case "invalid_value":
      return [{ path, ...choiceProblem(issue.input, issue.values.map(String)) }];
    case "invalid_union":
      return unionFaults(issue, schema, value, at, path);
    case "invalid_key":
    case "invalid_element":
      return [{ path, problem: issue.issues[0]?.message ?? issue.message }];
    case "too_small": {
      const words = ["is too small", "at least", "more than"] as const;
      return [{ path, ...sizeProblem(issue.inclusive, words, issue.minimum, issue.origin) }];
    }
    case "too_big": {
      const words = ["is too large", "at most", "less than"] as const;
      return [{ path, ...sizeProblem(issue.inclusive, words, issue.maximum, issue.origin) }];
    }
    case "custom": {
      const expected: unknown = issue.params?.expected;
      return [{ path, problem: issue.message, ...(typeof expected === "string" && { expected }) }];
    }
    case "invalid_format":
      return [
        {
          path,
          problem: "is not of the required form",
          expected: issue.pattern ? `text like ${issue.pattern}` : spoken(issue.format),
        },
      ];
    default:
      return [{ path, problem: issue.message }];
  }
}

function unknownKey(path: readonly (string | number)[], key: string, known: readonly string[]): FaultAt {
  const [meant] = nearestNames(key, known, 1);
  if (meant !== undefined) return { path, problem: "is not a known key", expected: meant };
  return { path, problem: "is not a known key", ...(known.length > 0 && { expected: oneOf([...new Set(known)]) }) };
}

/** A union says nothing useful by itself: the faults of the form that fits best do. */
function unionFaults(
  issue: Extract<Issue, { code: "invalid_union" }>,
  schema: z.ZodType,
  value: unknown,
  at: readonly (string | number)[],
  path: readonly (string | number)[],
): FaultAt[] {
  if ("options" in issue && Array.isArray(issue.options)) {
    const chosen = isObject(issue.input) ? issue.input[String(issue.discriminator)] : undefined;
    return [{ path, ...choiceProblem(chosen, issue.options.map(String)) }];
  }
  const [best] = [...issue.errors].sort((a, b) => a.length - b.length);
  if (!best || best.length === 0) return [{ path, problem: "has none of the allowed forms" }];
  return best.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema, value, at));
}

function choiceProblem(input: unknown, values: readonly string[]): Pick<FaultAt, "problem" | "expected"> {
  const [meant] = typeof input === "string" ? nearestNames(input, values, 1) : [];
  return {
    problem: input === undefined ? "is required" : "is not one of the allowed values",
    expected: `${oneOf(values)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
  };
}

function typeProblem(issue: Extract<Issue, { code: "invalid_type" }>): Pick<FaultAt, "problem" | "expected"> {
  const { input, message } = issue;
  // A message of the schema's own says what is expected better than the bare type.
  const expected = message.startsWith("Invalid input") ? spoken(issue.expected) : message;
  if (input === undefined) return { problem: "is required", expected };
  if (input === null) return { problem: "is empty", expected };
  // A fraction where a whole number is needed is a number too.
  if (issue.expected === "int" && typeof input === "number") return { problem: "is not a whole number" };
  return { problem: `is ${spoken(Array.isArray(input) ? "array" : typeof input)}`, expected };
}

const SPOKEN: Record<string, string> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  url: "an address such as https://api.example.com",
};

function spoken(type: string): string {
  return SPOKEN[type] ?? type;
}

function sizeProblem(
  isInclusive: boolean | undefined,
  [problem, inclusive, exclusive]: readonly [string, string, string],
  amount: number | bigint,
  origin: string,
): Pick<FaultAt, "problem" | "expected"> {
  const unit = origin === "array" ? " item(s)" : origin === "string" ? " character(s)" : "";
  return { problem, expected: `${isInclusive === false ? exclusive : inclusive} ${amount}${unit}` };
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
}
