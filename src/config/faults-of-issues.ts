/** Turns the issues that a zod schema found into faults an operator can act on. */
import type { z } from "zod";
import type { FaultAt } from "./fault.ts";
import { knownKeys } from "./known-keys.ts";
import { nearest } from "./nearest.ts";
import { isObject } from "./older-spellings.ts";

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
  return { faults: result.error.issues.flatMap((issue) => faultsOf(issue, schema, at)) };
}

function faultsOf(issue: Issue, schema: z.ZodType, at: readonly (string | number)[]): FaultAt[] {
  const path = [...at, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => unknownKey([...path, key], key, known));
    }
    case "invalid_type":
      return [{ path, ...typeProblem(issue.input, issue.expected) }];
    case "invalid_value":
      return [{ path, ...choiceProblem(issue.input, issue.values.map(String)) }];
    case "invalid_union":
      return unionFaults(issue, schema, at, path);
    case "invalid_key":
    case "invalid_element":
      return [{ path, problem: issue.issues[0]?.message ?? issue.message }];
    case "too_small":
      return [
        {
          path,
          problem: "is too small",
          expected: `${issue.inclusive === false ? "more than" : "at least"} ${limit(issue.minimum, issue.origin)}`,
        },
      ];
    case "too_big":
      return [
        {
          path,
          problem: "is too large",
          expected: `${issue.inclusive === false ? "less than" : "at most"} ${limit(issue.maximum, issue.origin)}`,
        },
      ];
    case "custom": {
      const expected: unknown = issue.params?.expected;
      return [{ path, problem: issue.message, ...(typeof expected === "string" && { expected }) }];
    }
    case "invalid_format":
      return [
        {
          path,
          problem: "is not of the required form",
          expected: issue.pattern ? `text like ${issue.pattern}` : issue.format,
        },
      ];
    default:
      return [{ path, problem: issue.message }];
  }
}

function unknownKey(path: readonly (string | number)[], key: string, known: readonly string[]): FaultAt {
  const meant = nearest(key, known);
  if (meant !== undefined) return { path, problem: "is not a known key", expected: meant };
  return { path, problem: "is not a known key", ...(known.length > 0 && { expected: oneOf([...new Set(known)]) }) };
}

/** A union says nothing useful by itself: the faults of the form that fits best do. */
function unionFaults(
  issue: Extract<Issue, { code: "invalid_union" }>,
  schema: z.ZodType,
  at: readonly (string | number)[],
  path: readonly (string | number)[],
): FaultAt[] {
  if ("options" in issue && Array.isArray(issue.options)) {
    const chosen = isObject(issue.input) ? issue.input[String(issue.discriminator)] : undefined;
    return [{ path, ...choiceProblem(chosen, issue.options.map(String)) }];
  }
  const [best] = [...issue.errors].sort((a, b) => a.length - b.length);
  if (!best || best.length === 0) return [{ path, problem: "has none of the allowed forms" }];
  return best.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema, at));
}

function choiceProblem(input: unknown, values: readonly string[]): Pick<FaultAt, "problem" | "expected"> {
  const meant = typeof input === "string" ? nearest(input, values) : undefined;
  return {
    problem: input === undefined ? "is required" : "is not one of the allowed values",
    expected: `${oneOf(values)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
  };
}

function typeProblem(input: unknown, expected: string): Pick<FaultAt, "problem" | "expected"> {
  if (input === undefined) return { problem: "is required", expected: article(expected) };
  if (input === null) return { problem: "is empty", expected: article(expected) };
  // A fraction where a whole number is needed is a number too.
  if (expected === "int" && typeof input === "number") return { problem: "is not a whole number" };
  return { problem: `is ${article(Array.isArray(input) ? "array" : typeof input)}`, expected: article(expected) };
}

const SPOKEN: Record<string, string> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function article(type: string): string {
  return SPOKEN[type] ?? type;
}

function limit(amount: number | bigint, origin: string): string {
  if (origin === "array" || origin === "set") return `${amount} item(s)`;
  return origin === "string" ? `${amount} character(s)` : String(amount);
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
}
