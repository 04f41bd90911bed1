/** The keywords of a schema that are taken over as they are, each only where its value is of the right kind. */
import { isObject, own, type Json } from "./plain-data.ts";

const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isFlag = (value: unknown): boolean => typeof value === "boolean";

const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  title: isText,
  description: isText,
  deprecated: isFlag,
  format: isText,
  contentEncoding: isText,
  contentMediaType: isText,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  uniqueItems: isFlag,
  minContains: isCount,
  maxContains: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  minimum: isNumber,
  maximum: isNumber,
  // Fractions are left to the server: 19.99 is no multiple of 0.01 in the arithmetic of a validator.
  multipleOf: (value) => isCount(value) && value !== 0,
};

/** Names of kinds that documents use besides JSON Schema's, where there is no doubt what is meant. */
const sameTypes: Readonly<Record<string, string>> = {
  file: "string",
  text: "string",
  int: "integer",
  long: "integer",
  float: "number",
  double: "number",
  bool: "boolean",
  list: "array",
};
const jsonTypes: ReadonlySet<string> = new Set(["null", "string", "integer", "number", "boolean", "object", "array"]);

export function plainKeywords(schema: Json): [string, unknown][] {
  const kept = Object.keys(plain).filter((name) => Object.hasOwn(schema, name) && plain[name]!(schema[name]));
  return [...kept.map((name): [string, unknown] => [name, schema[name]]), ...bounds(schema), ...patternOf(schema)];
}

/** In OpenAPI 3.0 and Swagger 2.0 `exclusiveMinimum: true` says how `minimum` is meant; since 3.1 it is the bound itself. */
function bounds(schema: Json): [string, unknown][] {
  return (["minimum", "maximum"] as const).flatMap((name): [string, unknown][] => {
    const exclusive = `exclusive${name[0]!.toUpperCase()}${name.slice(1)}`;
    const value = own(schema, exclusive);
    if (isNumber(value)) return [[exclusive, value]];
    return value === true && isNumber(own(schema, name)) ? [[exclusive, schema[name]]] : [];
  });
}

function patternOf(schema: Json): [string, unknown][] {
  const pattern = own(schema, "pattern");
  if (typeof pattern !== "string") return [];
  // Written like a JavaScript literal; taken as it stands it could never match.
  const literal = /^\/(\^.*)\/[a-z]*$/s.exec(pattern);
  return [["pattern", literal?.[1] ?? pattern]];
}

/** The kinds of value a schema names; `undefined` where it names none that is known. */
export function typesOf(schema: Json): readonly string[] | undefined {
  const type = own(schema, "type");
  const names = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string");
  const known = names.map((name) => (Object.hasOwn(sameTypes, name) ? sameTypes[name]! : name));
  // One kind that nobody knows makes the whole anything.
  if (known.length === 0 || !known.every((name) => jsonTypes.has(name))) return undefined;
  return [...new Set(known)];
}

/** The type that a document names and nobody knows. */
export function unknownType(schema: Json): string | undefined {
  const type = own(schema, "type");
  if (type === undefined || type === "any" || typesOf(schema)) return undefined;
  return typeof type === "string" ? type.slice(0, 40) : "something that is not a name";
}

/** Is a value of one of these kinds? */
export function isOfTypes(value: unknown, types: readonly string[] | undefined): boolean {
  if (!types) return true;
  if (value === null) return types.includes("null");
  if (Array.isArray(value)) return types.includes("array");
  if (isObject(value)) return types.includes("object");
  if (typeof value === "number")
    return types.includes("number") || (types.includes("integer") && Number.isInteger(value));
  return types.includes(typeof value);
}

/** Listed values in the kind that the schema names: YAML reads `yes`, `1` and dates as something else than text. */
export function valuesOf(schema: Json, types: readonly string[] | undefined, nullable: boolean): unknown[] | undefined {
  const listed = own(schema, "enum");
  if (!Array.isArray(listed) || listed.length === 0) return undefined;
  const values = new Set(listed.map((value: unknown) => respelt(value, types)));
  if (nullable) values.add(null);
  return [...values];
}

function respelt(value: unknown, types: readonly string[] | undefined): unknown {
  if (!types || isOfTypes(value, types)) return value;
  if (types.includes("string") && (typeof value === "number" || typeof value === "boolean")) return String(value);
  const isNumeric = types.includes("integer") || types.includes("number");
  if (isNumeric && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  if (types.includes("boolean") && (value === "true" || value === "false")) return value === "true";
  return value;
}
