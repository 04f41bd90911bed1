/** Generates JSON Schemas for property tests: hostile ones of any form, and sensible ones together with valid values. */
import fc from "fast-check";

/** Names that meet in camelCase, mean something to JavaScript or GraphQL, or are no names. */
// oxfmt-ignore
const propertyName = fc.constantFrom(
  "a", "b", "a_b", "a-b", "aB", "raw", "raw_value", "__proto__", "constructor", "requestId", "日", "", "additional",
  "input", "type", "value", "$ref", "é", "1st",
);
const typeName = fc.constantFrom("null", "string", "integer", "number", "boolean", "object", "array", "file");
// oxfmt-ignore
const reference = fc.constantFrom(
  "#", "#/properties/a", "#/properties/b", "#/$defs/a", "#/$defs/b", "#/properties/a/items", "#/anyOf/0", "#a",
  "http://elsewhere/x", "#/%", "#/$defs/a/properties/a",
);

/** Objects made like JSON.parse makes them: `__proto__` is an own property. */
function dictionary<T>(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<T>,
  maxKeys: number,
): fc.Arbitrary<Record<string, T>> {
  return fc.array(fc.tuple(key, value), { maxLength: maxKeys }).map((entries) => Object.fromEntries(entries));
}

/** Any schema at all: keywords with values of the right kind mostly, and of any kind sometimes. */
export const hostileSchema: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const schema = tie("schema");
  const garbage = fc.jsonValue({ maxDepth: 1 });
  const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: garbage });
  const schemas = fc.array(schema, { maxLength: 3 });
  const named = dictionary(propertyName, schema, 4);
  const keywords = fc.record(
    {
      type: mostly(fc.oneof({ weight: 3, arbitrary: typeName }, fc.uniqueArray(typeName, { maxLength: 3 }))),
      properties: mostly(named),
      required: mostly(fc.uniqueArray(propertyName, { maxLength: 4 })),
      additionalProperties: schema,
      patternProperties: mostly(named),
      items: fc.oneof(schema, schemas),
      prefixItems: mostly(schemas),
      enum: mostly(fc.array(fc.oneof(propertyName, garbage), { maxLength: 4 })),
      const: fc.oneof(propertyName, garbage),
      anyOf: mostly(schemas),
      oneOf: mostly(schemas),
      allOf: mostly(schemas),
      else: schema,
      $ref: mostly(reference),
      $defs: mostly(named),
      minimum: mostly(fc.integer()),
      maximum: mostly(fc.integer()),
      format: mostly(fc.constantFrom("int32", "uri")),
      default: garbage,
      examples: mostly(fc.array(garbage, { maxLength: 2 })),
      description: mostly(fc.string()),
    },
    { requiredKeys: [] },
  );
  return {
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(
        fc.boolean(),
        fc.constant({}),
        typeName.map((type) => ({ type })),
        garbage,
      ),
      // Fewer keywords meet more often in a way that means something.
      fc
        .tuple(keywords, fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 5 }))
        .map(([all, kept]) => Object.fromEntries(Object.entries(all).filter((_, index) => kept.includes(index)))),
      fc.record({
        type: fc.constant("object"),
        properties: named,
        required: fc.uniqueArray(propertyName, { maxLength: 3 }),
      }),
    ),
  };
}).schema;

/** A schema, and values that are valid by it. */
export interface Valued {
  readonly schema: Record<string, unknown>;
  readonly value: fc.Arbitrary<unknown>;
}

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const anyJson = fc.jsonValue({ maxDepth: 2 }).map(withoutNegativeZero);
const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map(withoutNegativeZero);

/** JSON has no negative zero. */
function withoutNegativeZero<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const { valued, objects } = fc.letrec<{ valued: Valued; objects: Valued; leaf: Valued; branch: Valued }>((tie) => ({
  leaf: fc.oneof(
    fc.constant<Valued>({ schema: { type: "string" }, value: text }),
    fc.constant<Valued>({ schema: { type: "boolean" }, value: fc.boolean() }),
    fc.constant<Valued>({ schema: { type: "number" }, value: real }),
    fc.constant<Valued>({ schema: { type: "integer" }, value: fc.maxSafeInteger() }),
    fc.constant<Valued>({
      schema: { type: "integer", minimum: -5, maximum: 5 },
      value: fc.integer({ min: -5, max: 5 }),
    }),
    fc.constant<Valued>({ schema: {}, value: anyJson }),
    fc.constant<Valued>({ schema: { type: ["string", "integer"] }, value: fc.oneof(text, fc.integer()) }),
    fc
      .uniqueArray(fc.oneof(propertyName, fc.constantFrom("true", "null", "x y", "OK", "ok")), {
        minLength: 1,
        maxLength: 4,
      })
      .map((values) => ({ schema: { type: "string", enum: values }, value: fc.constantFrom(...values) })),
    fc.constant<Valued>({ schema: { enum: [1, 2.5, null] }, value: fc.constantFrom(1, 2.5, null) }),
  ),
  branch: fc.oneof(
    tie("valued").map(({ schema, value }) => ({
      schema: { anyOf: [schema, { type: "null" }] },
      value: fc.option(value),
    })),
    tie("valued").map(({ schema, value }) => ({
      schema: { type: "array", items: schema },
      value: fc.array(value, { maxLength: 3 }),
    })),
    tie("leaf").map(({ schema, value }) => ({
      schema: { anyOf: [schema, { type: "array", items: schema }] },
      value: fc.oneof(value, fc.array(value, { maxLength: 3 })),
    })),
    tie("leaf").map(({ schema, value }) => ({
      schema: { type: "object", additionalProperties: schema },
      value: dictionary(propertyName, value, 3),
    })),
    fc.tuple(tie("leaf"), tie("valued")).map(([one, other]) => ({
      schema: { type: "array", prefixItems: [one.schema, other.schema] },
      value: fc.tuple(one.value, other.value),
    })),
    fc
      .uniqueArray(propertyName, { minLength: 2, maxLength: 3 })
      .chain((kinds) => fc.tuple(...kinds.map(() => tie("objects"))).map((parts) => unionOf(kinds, parts))),
    tie("objects"),
  ),
  objects: fc
    .tuple(
      fc.uniqueArray(fc.tuple(propertyName, tie("valued"), fc.boolean()), { maxLength: 4, selector: ([name]) => name }),
      fc.boolean(),
    )
    .map(([properties, open]) => objectOf(properties, open)),
  valued: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("branch")),
}));

function objectOf(properties: readonly [name: string, of: Valued, required: boolean][], open: boolean): Valued {
  const names = new Set(properties.map(([name]) => name));
  const parts = properties.map(([name, of, required]) => {
    const present = of.value.map((value): [string, unknown][] => [[name, value]]);
    return required ? present : fc.option(present, { nil: [] });
  });
  const others = dictionary(propertyName, anyJson, open ? 2 : 0).map((extra) =>
    Object.entries(extra).filter(([name]) => !names.has(name)),
  );
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(properties.map(([name, of]) => [name, of.schema])),
      required: properties.filter(([, , required]) => required).map(([name]) => name),
      additionalProperties: open,
    },
    value: fc.tuple(...parts, others).map((groups) => Object.fromEntries((groups as [string, unknown][][]).flat())),
  };
}

/** Objects told apart by a property `kind of thing`. */
function unionOf(kinds: readonly string[], parts: readonly Valued[]): Valued {
  const discriminator = "kind of thing";
  return {
    schema: {
      oneOf: parts.map(({ schema }, index) => ({
        ...schema,
        properties: { ...(schema.properties as object), [discriminator]: { const: kinds[index] } },
        required: [...(schema.required as string[]), discriminator],
      })),
    },
    value: fc.oneof(
      ...parts.map(({ value }, index) => value.map((own) => ({ ...(own as object), [discriminator]: kinds[index] }))),
    ),
  };
}

/** An object schema with one valid object. */
export const schemaWithValue: fc.Arbitrary<{ schema: Record<string, unknown>; value: Record<string, unknown> }> =
  objects.chain(({ schema, value }) => value.map((own) => ({ schema, value: own as Record<string, unknown> })));

export { valued };
