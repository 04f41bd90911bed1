/** Describes one operation as a tool: its texts, its effect, and the schemas of what it takes and answers. */
import type { Effect, JsonSchema } from "../../src/index.ts";
import { answerPlan, type AnswerPlan } from "./answer-plan.ts";
import type { ApiDocument } from "./api-document.ts";
import { bodyPlan, type BodyPlan } from "./body-plan.ts";
import type { Operation } from "./operations.ts";
import { BODY, parameterPlans, type ParameterPlan } from "./parameter-plan.ts";
import { canonicalText, own, ownText } from "./plain-data.ts";
import { SchemaConverter, type Part, type Schema } from "./schema-converter.ts";
import { selfContained } from "./self-contained.ts";

/** How the input of a tool becomes a request, and its answer the output. */
export interface RequestPlan {
  readonly method: string;
  /** A template. */
  readonly path: string;
  readonly parameters: readonly ParameterPlan[];
  readonly body: BodyPlan | undefined;
  readonly answer: AnswerPlan;
  /** The header that makes a write safe to send twice, where the operation has one. */
  readonly idempotencyHeader: ParameterPlan | undefined;
}

export interface DescribedOperation {
  readonly plan: RequestPlan;
  readonly inputSchema: JsonSchema;
  /** Absent where the answer's form is not known. */
  readonly outputSchema: JsonSchema | undefined;
  /** What could not be taken over, for an operator. */
  readonly notes: readonly string[];
}

export interface Converters {
  readonly input: SchemaConverter;
  readonly output: SchemaConverter;
}

/** One pair for a whole document: a definition is converted once, however many tools use it. */
export function convertersOf(document: ApiDocument): Converters {
  return { input: new SchemaConverter(document, "input"), output: new SchemaConverter(document, "output") };
}

const LONGEST_DESCRIPTION = 4_000;

/** What the operation does, in the document's own words. */
export function textsOf({ node, method, path }: Operation): { readonly title?: string; readonly description: string } {
  const summary = ownText(node, "summary")?.trim();
  const more = ownText(node, "description")?.trim();
  const isSame = summary !== undefined && more !== undefined && more.toLowerCase().startsWith(summary.toLowerCase());
  const parts = [
    own(node, "deprecated") === true ? "Deprecated." : "",
    summary === undefined || isSame ? "" : /[.!?]$/.test(summary) ? summary : `${summary}.`,
    more ?? "",
  ].filter(Boolean);
  const description = (parts.join(" ") || `${method} ${path}`).slice(0, LONGEST_DESCRIPTION);
  return { ...(summary !== undefined && summary.length <= 200 && { title: summary }), description };
}

/** RFC 9110 section 9.2.1: safe methods read. A deletion is what a client should ask a person about first. */
export function effectOf(method: string): Effect {
  if (["GET", "HEAD", "OPTIONS", "TRACE"].includes(method)) return "read";
  return method === "DELETE" ? "destructive" : "write";
}

export function describeOperation(
  document: ApiDocument,
  operation: Operation,
  converters: Converters,
): DescribedOperation {
  const { plans, notes } = parameterPlans(document, operation);
  const body = bodyPlan(document, operation);
  const answer = answerPlan(document, operation);
  const { method, path, elsewhere } = operation;
  const isWrite = effectOf(method) !== "read";
  const idempotencyHeader = isWrite ? plans.find(isIdempotencyKey) : undefined;
  const input = selfContained(inputPart(plans, body, idempotencyHeader, converters.input), converters.input);
  const output = outputOf(answer, converters.output);
  return {
    plan: { method, path, parameters: plans, body, answer, idempotencyHeader },
    inputSchema: input.schema,
    outputSchema: output?.schema,
    notes: [
      ...(elsewhere === undefined
        ? []
        : [`it is served at ${elsewhere.slice(0, 200)}, but its requests go where all others go`]),
      ...notes,
      ...input.notes.map((note) => `input: ${note}`),
      ...(output?.notes ?? []).map((note) => `output: ${note}`),
    ],
  };
}

/** draft-ietf-httpapi-idempotency-key-header, as vendors spell it. */
function isIdempotencyKey({ place, name }: ParameterPlan): boolean {
  return place === "header" && /^(x-)?idempotency-key$/i.test(name);
}

function inputPart(
  plans: readonly ParameterPlan[],
  body: BodyPlan | undefined,
  idempotencyHeader: ParameterPlan | undefined,
  converter: SchemaConverter,
): Part {
  const references = new Map<string, string>();
  const notes = new Set<string>();
  const convert = (schema: unknown): Schema => {
    const part = converter.convert(schema);
    for (const [key, reference] of part.references) references.set(key, reference);
    for (const note of part.notes) notes.add(note);
    return part.schema;
  };
  const properties = plans.map((plan) => [plan.property, parameterSchema(plan, convert(plan.schema))] as const);
  const all = body
    ? [...properties, [BODY, withDescription(convert(body.schema), body.description)] as const]
    : properties;
  const required = plans.filter((plan) => plan.required && plan !== idempotencyHeader).map(({ property }) => property);
  if (body?.required === true) required.push(BODY);
  const schema = {
    type: "object",
    properties: Object.fromEntries(all),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
  return { schema, references, notes };
}

function parameterSchema({ place, required, description }: ParameterPlan, schema: Schema): Schema {
  const described = withDescription(schema, description);
  if (typeof described === "boolean") return described;
  const atLeastOne = (name: string) => ({ ...described, [name]: Math.max(1, Number(described[name] ?? 0)) });
  // An empty text in a path is another path, and an empty list is written as nothing at all.
  if (place === "path" && described.type === "string") return atLeastOne("minLength");
  return required && described.type === "array" ? atLeastOne("minItems") : described;
}

function withDescription(schema: Schema, description: string | undefined): Schema {
  if (description === undefined || typeof schema === "boolean") return schema;
  return { ...schema, description: description.slice(0, LONGEST_DESCRIPTION) };
}

function outputOf(answer: AnswerPlan, converter: SchemaConverter) {
  if (answer.schemas.length === 0) return undefined;
  const all = answer.schemas.map((schema) => converter.convert(schema));
  // One form may be said of several statuses and media types.
  const parts = [...new Map(all.map((part) => [canonicalText(part.schema), part])).values()];
  const [only] = parts;
  if (parts.length === 1 && only) return selfContained(only, converter);
  return selfContained(
    {
      schema: { anyOf: parts.map(({ schema }) => schema) },
      references: new Map(parts.flatMap(({ references }) => [...references])),
      notes: new Set(parts.flatMap(({ notes }) => [...notes])),
    },
    converter,
  );
}
