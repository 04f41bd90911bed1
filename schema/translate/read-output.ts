/** Reads what a tool really answered as what its schema promised: a value of another type is null, never an error. */
import { toWholeNumber } from "../scalars.ts";
import { isObject } from "../../src/is-object.ts";

export type Reader = (value: unknown) => unknown;

/** An own property by the tool's own name; what a prototype holds does not count. */
export function ownValue(source: unknown, name: string): unknown {
  return isObject(source) && Object.hasOwn(source, name) ? source[name] : undefined;
}

export const asText: Reader = (value) => {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : null;
};

export const asBoolean: Reader = (value) => (typeof value === "boolean" ? value : null);

export const asNumber: Reader = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

export const asWhole: Reader = (value) => toWholeNumber(value) ?? null;

export const asInt32: Reader = (value) => (typeof value === "number" && value === (value | 0) ? value : null);

export const asObject: Reader = (value) => (isObject(value) ? value : null);

/** A single value where a list was promised is a list of one. */
export function asList(item: Reader): Reader {
  return (value) => {
    if (value === null || value === undefined) return null;
    return Array.isArray(value) ? value.map(item) : [item(value)];
  };
}
