/** Builds the GraphQL input types of one tool from the shapes of its input schema. */
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  getNamedType,
  isEnumType,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
} from "graphql";
import { isObject } from "../../src/is-object.ts";
import { JSONScalar, SafeInt } from "../scalars.ts";
import { describeInput } from "./describe-input.ts";
import type { Fallbacks } from "./fallback.ts";
import { graphNames, isGraphName } from "./graph-names.ts";
import {
  listPlan,
  objectToGraph,
  objectToTool,
  plainPlan,
  type InputFieldPlan,
  type InputFields,
  type InputPlan,
} from "./input-plan.ts";
import { mostObjectTypes, deepestNesting } from "./limits.ts";
import type { Place } from "./schema-document.ts";
import { canonicalPlace } from "./schema-facts.ts";
import type { ShapeReader } from "./shape-reader.ts";
import type { ObjectFacts, Reading, Shape } from "./shape.ts";
import type { TypeNames } from "./type-names.ts";

type UnionShape = Extract<Shape, { kind: "union" }>;

/** Where a type is being built: how deep, and inside which lists. */
interface Position {
  readonly depth: number;
  readonly lists: readonly string[];
}

const free = plainPlan(JSONScalar);

/** graphql-js reads a variable's fields without asking whether they are its own: these would seem to be always there. */
const inheritedNames = Object.getOwnPropertyNames(Object.prototype);

export class InputTypes {
  readonly #reader: ShapeReader;
  readonly #names: TypeNames;
  readonly #fallbacks: Fallbacks;
  readonly #objects = new Map<string, InputPlan>();
  readonly #enums = new Map<string, InputPlan>();
  /** Objects whose fields are being built: a required field that leads back to one would be a circle. */
  readonly #unfinished = new Set<InputPlan>();

  constructor(reader: ShapeReader, names: TypeNames, fallbacks: Fallbacks) {
    this.#reader = reader;
    this.#names = names;
    this.#fallbacks = fallbacks;
  }

  /** The fields of an object; `hidden` is a discriminator that the field's name already says. */
  fields(described: ObjectFacts, depth = 0, hidden?: string): InputFields {
    const object = withRequired(described);
    const originals = [...object.properties.keys()].filter((name) => name !== hidden);
    const names = graphNames(originals, inheritedNames);
    const plans = new Map<string, InputFieldPlan>();
    // Built in the order of names, so that names of types do not depend on the order of properties.
    for (const original of originals.toSorted()) {
      plans.set(original, this.#field(object, original, names.get(original) ?? original, depth));
    }
    const fields = originals.flatMap((original) => plans.get(original) ?? []);
    return object.open ? { fields, rest: freeName(names, "additional") } : { fields };
  }

  #field(object: ObjectFacts, original: string, name: string, depth: number): InputFieldPlan {
    const places = object.properties.get(original) ?? [];
    const reading = this.#reader.read(places);
    const plan = this.#plan(places, reading, { depth, lists: [] });
    const required = object.required.has(original);
    const bare = required && !reading.nullable && !this.#unfinished.has(plan);
    const values = isEnumType(getNamedType(plan.type)) ? [] : this.#allowedValues(reading);
    return {
      original,
      name,
      plan,
      type: bare ? new GraphQLNonNull(plan.type) : plan.type,
      required,
      nullable: reading.nullable,
      description: describeInput(reading, values),
      values,
    };
  }

  /** The values that a schema lists, for the value itself or the items of a list. */
  #allowedValues({ shape }: Reading): readonly unknown[] {
    let inner = shape;
    for (let depth = 0; inner.kind === "list" && depth < 5; depth++) inner = this.#reader.read(inner.item).shape;
    return ("values" in inner && inner.values) || [];
  }

  #plan(places: readonly Place[], reading: Reading, position: Position): InputPlan {
    const { shape } = reading;
    const pointer = places[0]?.pointer ?? "";
    switch (shape.kind) {
      case "string":
        return shape.values ? this.#enumeration(shape.values, places) : plainPlan(GraphQLString);
      case "integer":
        return plainPlan(shape.narrow ? GraphQLInt : SafeInt);
      case "number":
        return plainPlan(GraphQLFloat);
      case "boolean":
        return plainPlan(GraphQLBoolean);
      case "list":
        // As a list, GraphQL would send a single value on as a list of one, which may mean something else to the tool.
        if (shape.orOne) return this.#fallBack(pointer, "may be one value or a list of them");
        return this.#list(shape, pointer, position);
      case "object":
        return this.#object(shape.object, position.depth);
      case "union":
        return this.#oneOf(shape, position.depth);
      default:
        return this.#fallBack(pointer, shape.reason);
    }
  }

  #fallBack(pointer: string, reason: string): InputPlan {
    this.#fallbacks.add(pointer, reason);
    return free;
  }

  #list(shape: Extract<Shape, { kind: "list" }>, pointer: string, { depth, lists }: Position): InputPlan {
    if (lists.includes(shape.pointer)) return this.#fallBack(pointer, "is a list of itself");
    if (lists.length >= 5) return this.#fallBack(pointer, "is nested in too many lists");
    const reading = this.#reader.read(shape.item);
    const item = this.#plan(shape.item, reading, { depth, lists: [...lists, shape.pointer] });
    const itemType: GraphQLInputType = reading.nullable ? item.type : new GraphQLNonNull(item.type);
    return listPlan(new GraphQLList(itemType), item);
  }

  /** Only values that are distinct GraphQL names make an enum; any other would have to be respelt. */
  #enumeration(values: readonly string[], places: readonly Place[]): InputPlan {
    const canonical = places.map((place) => canonicalPlace(this.#reader.document, place));
    const pointer = canonical.map((place) => place.pointer).join(" ");
    const known = this.#enums.get(pointer);
    if (known) return known;
    if (values.length === 0) {
      this.#fallbacks.add(pointer, "lists no values; any text is let through");
      return plainPlan(GraphQLString);
    }
    if (!values.every(isEnumName)) return plainPlan(GraphQLString);
    const name = this.#names.of(canonical[0]?.path ?? [], pointer, "Enum");
    const plan = plainPlan(
      new GraphQLEnumType({ name, values: Object.fromEntries(values.map((value) => [value, { value }])) }),
    );
    this.#enums.set(pointer, plan);
    return plan;
  }

  #object(object: ObjectFacts, depth: number, hidden?: string, label: readonly string[] = []): InputPlan {
    const key = hidden === undefined ? object.pointer : `${object.pointer}?${hidden}`;
    const known = this.#objects.get(key);
    if (known) return known;
    if (depth >= deepestNesting) return this.#fallBack(object.pointer, "is nested too deeply");
    if (this.#objects.size >= mostObjectTypes) return this.#fallBack(object.pointer, "is one object type too many");
    let fields: InputFields = { fields: [] };
    const plan: InputPlan = {
      type: new GraphQLInputObjectType({
        name: this.#names.of([...object.path, ...label], key, "Input"),
        ...(object.description !== undefined && { description: object.description }),
        fields: () => fieldConfigs(fields),
      }),
      toTool: (value) => (isObject(value) ? objectToTool(fields, value) : value),
      toGraph: (value) => objectToGraph(fields, value),
    };
    this.#objects.set(key, plan);
    this.#unfinished.add(plan);
    fields = this.fields(object, depth + 1, hidden);
    this.#unfinished.delete(plan);
    return plan;
  }

  /** Alternatives told apart by a fixed text: one field each, of which a caller fills exactly one. */
  #oneOf(union: UnionShape, depth: number): InputPlan {
    if (!union.always) return this.#fallBack(union.pointer, "has a discriminator that may be left out");
    if (depth >= deepestNesting) return this.#fallBack(union.pointer, "is nested too deeply");
    const key = `${union.pointer}?`;
    const known = this.#objects.get(key);
    if (known) return known;
    const { discriminator } = union;
    const names = graphNames(
      union.variants.map(({ value }) => value),
      inheritedNames,
    );
    const nameOf = (value: string): string => names.get(value) ?? value;
    const variants = new Map<string, { value: string; plan: InputPlan; description: string | undefined }>();
    const plan: InputPlan = {
      type: new GraphQLInputObjectType({
        name: this.#names.of(union.path, key, "Input"),
        isOneOf: true,
        description: "Exactly one of these fields.",
        fields: () =>
          Object.fromEntries(
            [...variants].map(([name, { plan, description }]) => [name, { type: plan.type, description }]),
          ),
      }),
      toTool: (value) => {
        if (!isObject(value)) return value;
        const [chosen, ...others] = Object.keys(value).filter((name) => value[name] != null);
        const variant = chosen === undefined ? undefined : variants.get(chosen);
        // Anything but exactly one is left as it is, for the tool's own validation to refuse.
        if (chosen === undefined || !variant || others.length > 0) return value;
        const inner = variant.plan.toTool(value[chosen]);
        return isObject(inner) ? { ...inner, [discriminator]: variant.value } : value;
      },
      toGraph: (value) => {
        if (!isObject(value) || typeof value[discriminator] !== "string") return undefined;
        const name = nameOf(value[discriminator]);
        const { [discriminator]: _, ...inner } = value;
        return { [name]: variants.get(name)?.plan.toGraph(inner) };
      },
    };
    this.#objects.set(key, plan);
    for (const { value, object } of union.variants.toSorted((a, b) => (a.value < b.value ? -1 : 1))) {
      const bare = [...object.properties.keys()].every((name) => name === discriminator);
      const variant = bare ? free : this.#object(object, depth + 1, discriminator, [value]);
      const description = bare
        ? `${object.description ?? ""} Takes no fields of its own: {}.`.trim()
        : object.description;
      variants.set(nameOf(value), { value, plan: variant, description });
    }
    return plan;
  }
}

/** A property that is required and nowhere described: without a field of its own no caller could give it. */
function withRequired(object: ObjectFacts): ObjectFacts {
  const missing = [...object.required].filter((name) => !object.properties.has(name));
  if (missing.length === 0) return object;
  const places = missing.map((name): [string, Place[]] => {
    return [name, [{ schema: true, pointer: `${object.pointer}/required/${name}`, path: [...object.path, name] }]];
  });
  return { ...object, properties: new Map([...object.properties, ...places]) };
}

/** Configurations for an input object's fields or a field's arguments: both have the same form. */
export function fieldConfigs({ fields, rest }: InputFields): GraphQLInputFieldConfigMap {
  const entries = fields.map(({ name, type, description, values }) => {
    return [name, { type, description, ...(values.length > 0 && { extensions: { values } }) }] as const;
  });
  const description = "Further properties, by the tool's own names.";
  return Object.fromEntries(rest === undefined ? entries : [...entries, [rest, { type: JSONScalar, description }]]);
}

/** A name that no property has. */
function freeName(names: ReadonlyMap<string, string>, wanted: string): string {
  const taken = new Set(names.values());
  let name = wanted;
  while (taken.has(name)) name += "_";
  return name;
}

function isEnumName(value: string): boolean {
  return isGraphName(value) && value !== "true" && value !== "false" && value !== "null";
}
