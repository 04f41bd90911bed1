/** How one input value travels: its GraphQL type, and the way from there to the tool's own form and back. */
import type {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInputType,
  GraphQLList,
  GraphQLScalarType,
} from "graphql";
import { isObject } from "../../src/is-object.ts";

/** An input type before it is made non-null. */
export type NullableInputType =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLInputObjectType
  | GraphQLList<GraphQLInputType>;

export interface InputPlan {
  /** Without the outer non-null, which belongs to the field. */
  readonly type: NullableInputType;
  /** A coerced GraphQL value in the tool's own names and values. */
  toTool(value: unknown): unknown;
  /** The reverse, for examples: `undefined` where GraphQL cannot say it. */
  toGraph(value: unknown): unknown;
}

/** One property of an input object, or one argument. */
export interface InputFieldPlan {
  readonly original: string;
  readonly name: string;
  readonly plan: InputPlan;
  readonly type: GraphQLInputType;
  readonly required: boolean;
  /** Does the tool's schema allow null? */
  readonly nullable: boolean;
  readonly description: string | undefined;
  /** The only values allowed, where the type does not say them. */
  readonly values: readonly unknown[];
}

/** The fields of an input object; `rest` names the field that carries properties the schema does not name. */
export interface InputFields {
  readonly fields: readonly InputFieldPlan[];
  readonly rest?: string;
}

/** A value that needs no translation. */
export function plainPlan(type: NullableInputType): InputPlan {
  return { type, toTool: same, toGraph: same };
}

const same = (value: unknown): unknown => value;

export function listPlan(type: NullableInputType, item: InputPlan): InputPlan {
  return {
    type,
    toTool: (value) => asList(value).map((each) => (each === null ? null : item.toTool(each))),
    toGraph: (value) => asList(value).map((each) => (each === null ? null : item.toGraph(each))),
  };
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/**
 * Argument values in the tool's own property names: what is absent stays absent, and null stays null where the schema
 * allows it; elsewhere an optional null means "not given", which is how GraphQL clients leave a variable out.
 */
export function objectToTool({ fields, rest }: InputFields, value: Readonly<Record<string, unknown>>): object {
  const entries: [string, unknown][] = [];
  if (rest !== undefined && isObject(value[rest])) entries.push(...Object.entries(value[rest]));
  for (const field of fields) {
    const own = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (own === undefined) continue;
    if (own !== null) entries.push([field.original, field.plan.toTool(own)]);
    else if (field.nullable || field.required) entries.push([field.original, null]);
  }
  // fromEntries defines own properties, so a property called `__proto__` stays data.
  return Object.fromEntries(entries);
}

/** The reverse of {@link objectToTool}. */
export function objectToGraph({ fields, rest }: InputFields, value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  const entries: [string, unknown][] = [];
  const named = new Set<string>();
  for (const field of fields) {
    named.add(field.original);
    if (!Object.hasOwn(value, field.original)) continue;
    const own = value[field.original];
    entries.push([field.name, own === null ? null : field.plan.toGraph(own)]);
  }
  if (rest !== undefined) {
    const others = Object.entries(value).filter(([name]) => !named.has(name));
    if (others.length > 0) entries.push([rest, Object.fromEntries(others)]);
  }
  return Object.fromEntries(entries);
}
