/** One JSON Schema document with safe look-ups: own properties only, references that stay inside, every place addressed. */
import { isObject } from "../../src/is-object.ts";

/** A schema somewhere in a document: what stands there, its JSON pointer, and the names that lead to it. */
export interface Place {
  readonly schema: unknown;
  readonly pointer: string;
  /** Property and definition names on the way; types are named after it. */
  readonly path: readonly string[];
}

export type SchemaObject = Readonly<Record<string, unknown>>;

/** The value of an own keyword; what a prototype holds does not count. */
export function keyword(schema: SchemaObject, name: string): unknown {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

export class SchemaDocument {
  readonly root: Place;
  #anchors: Map<string, Place> | undefined;

  constructor(schema: unknown) {
    this.root = { schema, pointer: "", path: [] };
  }

  /** A keyword's schema. */
  child(place: Place, name: string): Place {
    return { schema: step(place.schema, name), pointer: `${place.pointer}/${name}`, path: place.path };
  }

  /** The schemas of a keyword that maps names to schemas (`properties`). */
  named(place: Place, name: string): [string, Place][] {
    const holder = step(place.schema, name);
    if (!isObject(holder)) return [];
    return Object.keys(holder).map((key) => [
      key,
      {
        schema: holder[key],
        pointer: `${place.pointer}/${name}/${escape(key)}`,
        path: [...place.path, key],
      },
    ]);
  }

  /** The schemas of a keyword that lists schemas (`anyOf`). */
  listed(place: Place, name: string): Place[] {
    const holder = step(place.schema, name);
    if (!Array.isArray(holder)) return [];
    return holder.map((schema: unknown, index) => ({
      schema,
      pointer: `${place.pointer}/${name}/${index}`,
      path: place.path,
    }));
  }

  /** Where a `$ref` leads, or `undefined` when that is outside this document or nowhere. Nothing is ever fetched. */
  resolve(reference: unknown): Place | undefined {
    if (typeof reference !== "string" || !reference.startsWith("#")) return undefined;
    const fragment = decode(reference.slice(1));
    if (fragment === undefined) return undefined;
    if (fragment === "") return this.root;
    if (!fragment.startsWith("/")) return this.#anchored().get(fragment);
    let schema = this.root.schema;
    const path: string[] = [];
    const segments = fragment.slice(1).split("/").map(unescape);
    for (const [index, segment] of segments.entries()) {
      schema = step(schema, segment);
      if (schema === undefined) return undefined;
      if (isNaming(segments[index - 1], segments[index - 2])) path.push(segment);
    }
    return { schema, pointer: `/${segments.map(escape).join("/")}`, path };
  }

  /** `$anchor` names are looked for in definitions only, where they are written in practice. */
  #anchored(): Map<string, Place> {
    if (this.#anchors) return this.#anchors;
    this.#anchors = new Map();
    for (const holder of ["$defs", "definitions"]) {
      for (const [, place] of this.named(this.root, holder)) {
        const anchor = isObject(place.schema) ? keyword(place.schema, "$anchor") : undefined;
        if (typeof anchor === "string") this.#anchors.set(anchor, place);
      }
    }
    return this.#anchors;
  }
}

/** Is a segment after this one the name of a property or definition? `properties/properties/x` has a property of that name. */
function isNaming(previous: string | undefined, beforeThat: string | undefined): boolean {
  return (
    (previous === "properties" || previous === "$defs" || previous === "definitions") && beforeThat !== "properties"
  );
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d{1,9}$/.test(key) ? (value[Number(key)] as unknown) : undefined;
  return isObject(value) ? keyword(value, key) : undefined;
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

const escape = (segment: string): string => segment.replaceAll("~", "~0").replaceAll("/", "~1");
const unescape = (segment: string): string => segment.replaceAll("~1", "/").replaceAll("~0", "~");
