/** Reads an operation's request body: which of its media types is sent, and how. */
import type { ApiDocument } from "./api-document.ts";
import type { Operation } from "./operations.ts";
import { formParameters, oldMediaTypes } from "./parameter-plan.ts";
import { entriesOf, own, ownText, type Json } from "./plain-data.ts";

export type BodyKind = "json" | "form" | "multipart" | "text" | "binary";

export interface FieldStyle {
  readonly style: string;
  readonly explode: boolean;
}

export interface BodyPlan {
  readonly kind: BodyKind;
  readonly mediaType: string;
  readonly required: boolean;
  readonly schema: unknown;
  readonly description: string | undefined;
  /** How the fields of a form are written, where the document says so. */
  readonly fields: ReadonlyMap<string, FieldStyle>;
  /** Media types of the parts of a multipart body, where the document says so. */
  readonly parts: ReadonlyMap<string, string>;
}

export function bodyPlan(document: ApiDocument, operation: Operation): BodyPlan | undefined {
  return document.version === "2.0" ? oldBody(document, operation) : newBody(document, operation);
}

function newBody(document: ApiDocument, operation: Operation): BodyPlan | undefined {
  const body = document.follow(own(operation.node, "requestBody"));
  if (!body) return undefined;
  const choices = entriesOf(own(body, "content")).map(([type, media]) => ({ type, media, ...kindOf(type) }));
  const [chosen] = choices.sort(byRank);
  const encoding = entriesOf(own(chosen?.media, "encoding"));
  const isRequired = own(body, "required") === true;
  const schema = chosen === undefined ? {} : (own(chosen.media, "schema") ?? {});
  return {
    ...bodyOf(chosen?.type ?? "application/json", chosen?.kind ?? "json", schema, isRequired),
    description: ownText(body, "description"),
    fields: new Map(encoding.flatMap(([name, node]) => fieldStyle(name, node))),
    parts: new Map(
      encoding.flatMap(([name, node]): [string, string][] => {
        const type = ownText(node, "contentType")?.split(",", 1)[0]!.trim();
        return type === undefined || !isMediaType(type) || type.includes("*") ? [] : [[name, type]];
      }),
    ),
  };
}

function fieldStyle(name: string, node: unknown): [string, FieldStyle][] {
  const style = ownText(node, "style");
  const explode = own(node, "explode");
  if (style === undefined && explode === undefined) return [];
  return [
    [name, { style: style ?? "form", explode: typeof explode === "boolean" ? explode : (style ?? "form") === "form" }],
  ];
}

function bodyOf(type: string, kind: BodyKind, schema: unknown, required: boolean) {
  const isWhole = isMediaType(type) && !type.includes("*");
  const usual = {
    json: "application/json",
    text: "text/plain",
    binary: "application/octet-stream",
    form: type,
    multipart: type,
  };
  return { kind, mediaType: isWhole ? type : usual[kind], required, schema: whole(kind, type, schema) };
}

/** What is neither JSON nor a form is written by the caller as it goes, bytes in base64. */
function whole(kind: BodyKind, type: string, schema: unknown): unknown {
  if (kind === "text") return { type: "string", description: `The whole body as text (${type}).` };
  if (kind === "binary")
    return { type: "string", format: "binary", description: `The whole body in base64 (${type}).` };
  return schema;
}

/** RFC 9110 section 8.3.1, as far as it can be sent as it stands. */
function isMediaType(type: string): boolean {
  return /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;\s*[\w-]+=("[^"\r\n]*"|[\w.+:/-]+))*$/.test(type);
}

/** The kind of a media type, and how early it is chosen among several. */
export function kindOf(mediaType: string): { readonly kind: BodyKind; readonly rank: number } {
  const type = mediaType.split(";", 1)[0]!.trim().toLowerCase();
  if (type === "application/json") return { kind: "json", rank: 0 };
  if (type === "application/merge-patch+json") return { kind: "json", rank: 1 };
  // A list of changes is hard to write without knowing the document that it changes.
  if (type === "application/json-patch+json") return { kind: "json", rank: 3 };
  if (type.endsWith("+json") || type === "text/json") return { kind: "json", rank: 2 };
  if (type === "application/x-www-form-urlencoded") return { kind: "form", rank: 4 };
  if (type === "multipart/form-data") return { kind: "multipart", rank: 5 };
  if (type === "*/*" || type === "application/*") return { kind: "json", rank: 6 };
  if (/^text\/|[/+](xml|yaml|x-yaml|csv|ndjson|x-ndjson|graphql|javascript|jwt|sql)$/.test(type))
    return { kind: "text", rank: 7 };
  return { kind: "binary", rank: 8 };
}

/** Equal ones by name, so that the order they are written in does not matter. */
function byRank(a: { readonly rank: number; readonly type: string }, b: typeof a): number {
  return a.rank - b.rank || (a.type < b.type ? -1 : 1);
}

/** Swagger 2.0 has a parameter in `body`, or form fields one by one. */
function oldBody(document: ApiDocument, operation: Operation): BodyPlan | undefined {
  const consumes = oldMediaTypes(document, operation, "consumes").map((type) => ({ type, ...kindOf(type) }));
  const fields = formParameters(operation);
  const none = { fields: new Map<string, FieldStyle>(), parts: new Map<string, string>() };
  if (fields.length > 0) {
    const hasFile = fields.some((node) => own(node, "type") === "file");
    const isMultipart = hasFile || (consumes.length > 0 && !consumes.some(({ kind }) => kind === "form"));
    const schema = formSchema(fields);
    const type = isMultipart ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const required = schema.required.length > 0;
    const styled = new Map(fields.map((node) => [String(own(node, "name")), oldField(node)]));
    return {
      ...bodyOf(type, isMultipart ? "multipart" : "form", schema, required),
      ...none,
      description: undefined,
      fields: styled,
    };
  }
  const body = operation.parameters.find((node) => own(node, "in") === "body");
  if (!body) return undefined;
  const [chosen] = consumes.filter(({ kind }) => kind !== "form" && kind !== "multipart").sort(byRank);
  const planned = bodyOf(
    chosen?.type ?? "application/json",
    chosen?.kind ?? "json",
    own(body, "schema") ?? {},
    own(body, "required") === true,
  );
  return { ...planned, ...none, description: ownText(body, "description") };
}

function formSchema(fields: readonly Json[]) {
  const named = fields.map((node): [string, Json] => [String(own(node, "name")), node]);
  return {
    type: "object",
    properties: Object.fromEntries(named.map(([name, node]) => [name, { ...node, required: undefined }])),
    required: named.filter(([, node]) => own(node, "required") === true).map(([name]) => name),
  };
}

function oldField(node: Json): FieldStyle {
  const format = String(own(node, "collectionFormat"));
  const style = { ssv: "spaceDelimited", tsv: "tab", pipes: "pipeDelimited" }[format] ?? "form";
  return { style, explode: format === "multi" };
}
