/** The two scalars that tools need beyond GraphQL's own: any JSON value, and integers wider than 32 bits. */
import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from "graphql";

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Any JSON value, passed through unchanged. Literals become plain objects and arrays; a key such as `__proto__` stays an
 * ordinary own property.
 *
 * @example
 * // { createIssue(fields: { labels: ["a"], "…": … }) } needs a variable for keys that are not GraphQL names.
 */
export const JSONScalar = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  description: "Any JSON value: object, array, string, number, boolean or null.",
  ...bothNames({
    output: (value) => value,
    input: (value) => value,
    literal: (node, variables) => readLiteral(node, variables),
  }),
});

/**
 * An integer of any size that a JSON number can hold. Variables may be any whole number; literals must be exact as a
 * 64-bit float (all of ±2^53 are). Results keep their value: a whole number sent as decimal text is a number
 * within ±2^53 and stays text beyond, where a number would be rounded.
 */
export const SafeInt = new GraphQLScalarType<number, number | string>({
  name: "SafeInt",
  description: "A whole number; not limited to 32 bits. A result beyond ±2^53 may be decimal text.",
  ...bothNames<number, number | string>({
    output: (value) => {
      const whole = toWholeNumber(value);
      if (whole === undefined) throw new GraphQLError(`SafeInt cannot represent ${describe(value)}.`);
      return whole;
    },
    input: (value) => {
      if (typeof value === "number" && Number.isInteger(value)) return value;
      throw new GraphQLError(`SafeInt must be a whole number, not ${describe(value)}.`);
    },
    literal: (node) => {
      if (node.kind !== Kind.INT) throw new GraphQLError(`SafeInt must be a whole number, not ${print(node)}.`);
      return exactInteger(node.value);
    },
  }),
});

/**
 * The whole number that a result stands for, or `undefined` when it is not one.
 *
 * @example
 * toWholeNumber("5000000000"); // 5000000000
 * toWholeNumber("90071992547409931"); // "90071992547409931": a number would lose digits
 */
export function toWholeNumber(value: unknown): number | string | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value === "bigint") return toWholeNumber(value.toString());
  if (typeof value !== "string" || !/^-?\d{1,400}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** graphql 17 renamed the coercion functions; older executors still call the old names. */
function bothNames<Internal, External>(coerce: {
  output: (value: unknown) => External;
  input: (value: unknown) => Internal;
  literal: (node: ValueNode, variables?: Variables) => Internal;
}) {
  return {
    serialize: coerce.output,
    parseValue: coerce.input,
    parseLiteral: (node: ValueNode, variables?: Variables) => coerce.literal(node, variables),
    coerceOutputValue: coerce.output,
    coerceInputValue: coerce.input,
    coerceInputLiteral: (node: ValueNode) => coerce.literal(node),
  };
}

/** A literal that a number would round is refused: a changed id in a write is worse than an error. */
function exactInteger(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && (String(value) === text || BigInt(value) === BigInt(text))) return value;
  throw new GraphQLError(`${text.slice(0, 40)} cannot be held exactly; the largest safe integer is ±9007199254740991.`);
}

function readLiteral(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
      return exactInteger(node.value);
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => readLiteral(value, variables));
    case Kind.OBJECT:
      // fromEntries defines own properties, so `__proto__` cannot reach the prototype.
      return Object.fromEntries(
        (node.fields ?? []).map((field) => [field.name.value, readLiteral(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return variables && Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
    default:
      return node.value;
  }
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : `a ${typeof value} value`;
}
