/** Writes a value as a GraphQL literal of a type, or says that it is none. */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from "graphql";
import { SafeInt } from "../scalars.ts";
import { isObject } from "../../src/is-object.ts";

/**
 * @example
 * writeLiteral({ name: "a" }, inputType); // '{name: "a"}'
 * writeLiteral("five", GraphQLInt); // undefined
 */
export function writeLiteral(value: unknown, type: GraphQLInputType): string | undefined {
  if (isNonNullType(type)) return value === null ? undefined : writeLiteral(value, type.ofType);
  if (value === undefined) return undefined;
  if (value === null) return "null";
  if (isListType(type)) {
    const items = (Array.isArray(value) ? value : [value]).map((item) => writeLiteral(item, type.ofType));
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (isEnumType(type)) return typeof value === "string" && type.getValue(value) ? value : undefined;
  if (isInputObjectType(type)) {
    if (!isObject(value)) return undefined;
    const known = type.getFields();
    const fields: string[] = [];
    for (const [name, own] of Object.entries(value)) {
      const field = Object.hasOwn(known, name) ? known[name] : undefined;
      const literal = field ? writeLiteral(own, field.type) : undefined;
      if (literal === undefined) return undefined;
      fields.push(`${name}: ${literal}`);
    }
    const complete = Object.values(known).every(({ name, type }) => !isNonNullType(type) || Object.hasOwn(value, name));
    return complete && (!type.isOneOf || fields.length === 1) ? `{${fields.join(", ")}}` : undefined;
  }
  return writeScalar(value, type.name);
}

function writeScalar(value: unknown, scalar: string): string | undefined {
  switch (scalar) {
    case GraphQLString.name:
      return typeof value === "string" ? JSON.stringify(value) : undefined;
    case GraphQLBoolean.name:
      return typeof value === "boolean" ? String(value) : undefined;
    case GraphQLInt.name:
      return typeof value === "number" && value === (value | 0) ? String(value) : undefined;
    case SafeInt.name:
      return Number.isInteger(value) ? BigInt(value as number).toString() : undefined;
    case GraphQLFloat.name:
      return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
    default:
      return writeJson(value);
  }
}

/** JSON as a literal; an object whose keys are not GraphQL names has none. */
function writeJson(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map(writeJson);
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, own]) => {
    const literal = writeJson(own);
    return /^[_A-Za-z][_0-9A-Za-z]*$/.test(name) && literal !== undefined ? `${name}: ${literal}` : undefined;
  });
  return fields.includes(undefined) ? undefined : `{${fields.join(", ")}}`;
}
