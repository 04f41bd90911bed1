/** Reads an operation's parameters: which property of the tool's input each one is, and how its value is written. */
import type { ApiDocument } from "./api-document.ts";
import type { Operation } from "./operations.ts";
import { entriesOf, isObject, listOf, own, ownText, type Json } from "./plain-data.ts";

export type Place = "path" | "query" | "header" | "cookie";

export interface ParameterPlan {
  /** Of the tool's input. */
  readonly property: string;
  /** Of the request. */
  readonly name: string;
  readonly place: Place;
  readonly required: boolean;
  /** OpenAPI 3.1 section 4.8.12.2 (style values); `tab` is Swagger 2.0's `tsv`. */
  readonly style: string;
  readonly explode: boolean;
  /** Reserved characters go as they are. */
  readonly allowReserved: boolean;
  /** Written as JSON text. */
  readonly isJson: boolean;
  readonly schema: unknown;
  readonly description: string | undefined;
}

/** `path` first: where two parameters share a name, the first keeps it. */
const places: readonly Place[] = ["path", "query", "header", "cookie"];
const usualStyles: Readonly<Record<Place, string>> = {
  path: "simple",
  query: "form",
  header: "simple",
  cookie: "form",
};
const styles: Readonly<Record<Place, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject", "tab"],
  header: ["simple"],
  cookie: ["form"],
};
/** The request body is always called this. */
export const BODY = "body";
/** OpenAPI 3.1 section 4.8.12.1: described elsewhere. The rest is the connection's own business. */
// oxfmt-ignore
const unsent: ReadonlySet<string> = new Set([
  "accept", "content-type", "authorization", "host", "content-length", "connection", "transfer-encoding", "upgrade",
  "expect", "te", "trailer", "keep-alive", "cookie",
]);
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function parameterPlans(
  document: ApiDocument,
  operation: Operation,
): { readonly plans: readonly ParameterPlan[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const templated = new Set(placeholdersOf(operation.path));
  const read = operation.parameters.flatMap((node) => {
    const place = places.find((each) => each === own(node, "in"));
    const name = String(own(node, "name"));
    if (!place || isCredential(document, place, name)) return [];
    if (place === "header" && unsent.has(name.toLowerCase())) return [];
    if ((place === "header" || place === "cookie") && !TOKEN.test(name)) {
      notes.push(`a ${place} parameter whose name cannot be sent was left out`);
      return [];
    }
    if (place === "path" && !templated.delete(name)) {
      notes.push(`path parameter '${name.slice(0, 80)}' was left out: it is not in the path`);
      return [];
    }
    return [plan(document, place, name, node)];
  });
  for (const name of templated) {
    notes.push(`path parameter '${name.slice(0, 80)}' is not described and was taken for text`);
    read.push(plan(document, "path", name, { schema: { type: "string" } }));
  }
  return { plans: named(read), notes };
}

/** The names in a path's braces. */
export function placeholdersOf(path: string): string[] {
  return [...withoutFragment(path).matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!);
}

/** Some documents tell operations of one path apart by a fragment, which is never sent. */
export function withoutFragment(path: string): string {
  return path.replace(/#.*$/s, "");
}

function plan(document: ApiDocument, place: Place, name: string, node: Json): Omit<ParameterPlan, "property"> {
  const [content] = entriesOf(own(node, "content"));
  const isOld = document.version === "2.0";
  const style = isOld ? oldStyle(node, place) : (ownText(node, "style") ?? usualStyles[place]);
  const known = styles[place].includes(style) ? style : usualStyles[place];
  const explode = isOld ? own(node, "collectionFormat") === "multi" : own(node, "explode");
  return {
    name,
    place,
    required: place === "path" || own(node, "required") === true,
    style: known,
    explode: typeof explode === "boolean" ? explode : known === "form",
    allowReserved: own(node, "allowReserved") === true,
    isJson: content !== undefined && /\bjson\b/i.test(content[0]),
    schema: isOld ? node : described(node, content === undefined ? own(node, "schema") : own(content[1], "schema")),
    description: ownText(node, "description"),
  };
}

/** A parameter's example is one of its schema; a reference takes nothing beside it. */
function described(node: Json, schema: unknown): unknown {
  const example = own(node, "example");
  if (example === undefined || !isObject(schema) || Object.hasOwn(schema, "$ref")) return schema;
  return { example, ...schema };
}

/** Swagger 2.0, parameter object: `collectionFormat`. */
function oldStyle(node: Json, place: Place): string {
  const format = own(node, "collectionFormat");
  if (place !== "query") return usualStyles[place];
  return { ssv: "spaceDelimited", tsv: "tab", pipes: "pipeDelimited" }[String(format)] ?? "form";
}

/** Keys of the API's own authentication are the gateway's business, not a caller's. */
function isCredential(document: ApiDocument, place: Place, name: string): boolean {
  const schemes = own(document.root, "securityDefinitions") ?? own(own(document.root, "components"), "securitySchemes");
  return entriesOf(schemes).some(([, node]) => {
    const scheme = document.follow(node);
    if (own(scheme, "type") !== "apiKey" || own(scheme, "in") !== place) return false;
    const key = String(own(scheme, "name"));
    return place === "header" ? key.toLowerCase() === name.toLowerCase() : key === name;
  });
}

/** Properties by the parameters' own names; one that is taken by an earlier place, or by the body, gets its place before it. */
function named(plans: readonly Omit<ParameterPlan, "property">[]): ParameterPlan[] {
  const taken = new Set([BODY]);
  const inOrder = places.flatMap((place) => plans.filter((each) => each.place === place));
  const free = inOrder.filter(({ name }) => !taken.has(name) && taken.add(name));
  const properties = new Map(free.map((each) => [each, each.name]));
  for (const each of inOrder) {
    if (properties.has(each)) continue;
    let property = `${each.place}_${each.name}`;
    while (taken.has(property)) property += "_";
    taken.add(property);
    properties.set(each, property);
  }
  return plans.map((each) => ({ ...each, property: properties.get(each)! }));
}

/** Parameters of Swagger 2.0 that make up a form. */
export function formParameters(operation: Operation): readonly Json[] {
  return operation.parameters.filter((node) => own(node, "in") === "formData");
}

/** Swagger 2.0's lists of media types: the operation's, else the document's. */
export function oldMediaTypes(document: ApiDocument, operation: Operation, name: "consumes" | "produces"): string[] {
  const given = own(operation.node, name) ?? own(document.root, name);
  return listOf(given).filter((type) => typeof type === "string");
}
