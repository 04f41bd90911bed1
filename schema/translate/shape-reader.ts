/** Reads JSON Schemas as shapes. Total: whatever a schema says, the worst answer is `json` with a reason. */
import { isObject } from "../../src/is-object.ts";
import type { Place, SchemaDocument } from "./schema-document.ts";
import { gatherFacts } from "./schema-facts.ts";
import type { ObjectFacts, Reading, Shape, Variant } from "./shape.ts";
import { membersOf, type Member } from "./union-members.ts";

const recursive: Reading = { shape: { kind: "json", reason: "is an alternative of itself" }, nullable: true };

export class ShapeReader {
  readonly document: SchemaDocument;
  readonly #readings = new Map<string, Reading>();
  /** First place of each schema object: a document built in memory may share or even contain itself. */
  readonly #firstPlaces = new Map<object, Place>();

  constructor(document: SchemaDocument) {
    this.document = document;
  }

  /** The shape of a value that follows one of these schemas. */
  read(places: readonly Place[]): Reading {
    const canonical = places.map((place) => this.#first(place));
    const key = canonical.map((place) => place.pointer).join(" ");
    const known = this.#readings.get(key);
    if (known) return known;
    // Whoever asks again while this reading is under way has gone round in a circle.
    this.#readings.set(key, recursive);
    const reading = this.#read(canonical);
    this.#readings.set(key, reading);
    return reading;
  }

  /** The root of a tool's schema as one object: alternatives are merged, since arguments are one flat list. */
  readRoot(): ObjectFacts | undefined {
    const members = this.members([this.document.root]).filter(({ kind }) => kind !== "null");
    const objects = members.filter(({ kind }) => kind === "object");
    return objects.length === members.length && objects.length > 0 ? mergeObjects(objects) : undefined;
  }

  #first(place: Place): Place {
    if (!isObject(place.schema)) return place;
    const first = this.#firstPlaces.get(place.schema);
    if (first) return first;
    this.#firstPlaces.set(place.schema, place);
    return place;
  }

  /** The kinds of value that these schemas allow, alternatives spread out. */
  members(places: readonly Place[]): Member[] {
    const seen = new Set<string>();
    return places.flatMap((place) => membersOf(this.document, place, seen));
  }

  #read(places: readonly Place[]): Reading {
    const members = this.members(places);
    const own = members[0]?.facts;
    const [place] = places;
    // What surrounds a union or a reference says more than its first member.
    const facts = place && places.length === 1 && own?.place !== place ? gatherFacts(this.document, place) : own;
    const typed = members.filter(({ kind }) => kind !== "null");
    const shape = this.#combine(typed, places[0] ?? this.document.root);
    return {
      shape,
      nullable: typed.length < members.length || typed.length === 0 || typed.some(({ kind }) => kind === "any"),
      ...(facts?.description !== undefined && { description: facts.description }),
      ...(facts?.default !== undefined && { default: facts.default.value }),
      ...(facts?.examples !== undefined && { examples: facts.examples }),
    };
  }

  #combine(members: readonly Member[], place: Place): Shape {
    const [first] = members;
    if (!first) return json("allows no value but null");
    const reason = members.find(({ kind }) => kind === "any")?.reason;
    if (reason !== undefined) return json(reason);
    const kinds = new Set(members.map(({ kind }) => kind));
    const values = valuesOf(members);
    if (kinds.size === 1) {
      switch (first.kind) {
        case "string":
          return { kind: "string", ...(values && { values: values as readonly string[] }) };
        case "integer":
          return {
            kind: "integer",
            narrow: members.every(isNarrow),
            ...(values && { values: values as readonly number[] }),
          };
        case "boolean":
          return { kind: "boolean" };
        case "object":
          return this.#objects(members, place);
        case "array":
          return this.#list(members);
      }
    }
    if ([...kinds].every((kind) => kind === "number" || kind === "integer")) {
      return { kind: "number", ...(values && { values: values as readonly number[] }) };
    }
    return this.#listOrOne(members, place) ?? json(`may be ${[...kinds].sort().join(" or ")}`);
  }

  #list(arrays: readonly Member[]): Shape {
    if (arrays.length > 1) return json("may be one of several arrays");
    const facts = arrays[0]?.facts;
    if (facts?.tuple) return json("is a tuple");
    if (!facts || facts.items.length === 0) return json("is an array of anything");
    if (facts.items.length > 1) return json("has several rules for its items");
    return { kind: "list", pointer: facts.place.pointer, item: facts.items };
  }

  /** `T | [T]` is read as a list: a single value answers as a list of one. */
  #listOrOne(members: readonly Member[], place: Place): Shape | undefined {
    const arrays = members.filter(({ kind }) => kind === "array");
    const list = arrays.length > 0 ? this.#list(arrays) : undefined;
    if (list?.kind !== "list") return undefined;
    const item = this.read(list.item).shape;
    const one = this.#combine(
      members.filter(({ kind }) => kind !== "array"),
      place,
    );
    return isWithin(one, item) ? { ...list, orOne: true } : undefined;
  }

  #objects(members: readonly Member[], place: Place): Shape {
    const distinct = [...new Map(members.map((member) => [member.facts.place.pointer, member])).values()];
    const [first] = distinct;
    if (!first) return json("allows no value");
    if (distinct.length === 1) {
      const object = objectFacts(first);
      if (object.properties.size > 0) return { kind: "object", object };
      return json("is a free-form object");
    }
    return this.#discriminated(distinct, place) ?? json("may be one of several objects that no field tells apart");
  }

  #discriminated(members: readonly Member[], place: Place): Shape | undefined {
    const candidates = [...(members[0]?.facts.properties.keys() ?? [])].sort();
    for (const discriminator of candidates) {
      const variants: Variant[] = [];
      for (const member of members) {
        const value = this.#fixedText(member.facts.properties.get(discriminator));
        if (value === undefined) break;
        variants.push({ value, object: objectFacts(member) });
      }
      if (variants.length < members.length || new Set(variants.map(({ value }) => value)).size < members.length)
        continue;
      const always = members.every(({ facts }) => facts.required.has(discriminator));
      return { kind: "union", pointer: place.pointer, path: place.path, discriminator, always, variants };
    }
    return undefined;
  }

  /** The one text that a property must have. */
  #fixedText(places: readonly Place[] | undefined): string | undefined {
    if (places?.length !== 1 || !places[0]) return undefined;
    const { values, unions } = gatherFacts(this.document, places[0]);
    const [value] = values ?? [];
    return values?.length === 1 && unions.length === 0 && typeof value === "string" ? value : undefined;
  }
}

function json(reason: string): Shape {
  return { kind: "json", reason };
}

function objectFacts({ facts }: Member): ObjectFacts {
  return {
    pointer: facts.place.pointer,
    path: facts.place.path,
    ...(facts.description !== undefined && { description: facts.description }),
    properties: facts.properties,
    required: facts.required,
    open: facts.open,
  };
}

function mergeObjects(members: readonly Member[]): ObjectFacts {
  const properties = new Map<string, Place[]>();
  let required: ReadonlySet<string> | undefined;
  for (const { facts } of members) {
    for (const [name, places] of facts.properties) properties.set(name, [...(properties.get(name) ?? []), ...places]);
    const before = required;
    required = before ? new Set([...facts.required].filter((name) => before.has(name))) : facts.required;
  }
  return {
    pointer: "",
    path: [],
    properties,
    required: required ?? new Set(),
    open: members.some(({ facts }) => facts.open),
  };
}

/** The values that all members list together; none when one of them lists none. */
function valuesOf(members: readonly Member[]): readonly unknown[] | undefined {
  if (!members.every(({ values }) => values)) return undefined;
  return [...new Set(members.flatMap(({ values }) => values ?? []))];
}

function isNarrow({ facts, values }: Member): boolean {
  const bounds = values ? (values as number[]) : [facts.minimum, facts.maximum];
  return bounds.every((bound) => bound >= -(2 ** 31) && bound <= 2 ** 31 - 1);
}

/** Is every value of the one shape also a value of the other? */
function isWithin(one: Shape, item: Shape): boolean {
  if (one.kind === "object" && item.kind === "object") return one.object.pointer === item.object.pointer;
  if (one.kind !== item.kind) return one.kind === "integer" && item.kind === "number" && !item.values;
  if (one.kind === "integer" && item.kind === "integer" && !one.narrow && item.narrow) return false;
  if ("values" in item && item.values) {
    const allowed = new Set<unknown>(item.values);
    return "values" in one && one.values !== undefined && [...one.values].every((value) => allowed.has(value));
  }
  return one.kind === "string" || one.kind === "integer" || one.kind === "number" || one.kind === "boolean";
}
