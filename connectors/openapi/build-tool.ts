/** Makes the gateway's tool out of one operation of an API document. */
import { compileInput, type HttpResponse, type JsonSchema, type Tool, type ToolRun } from "../../src/index.ts";
import type { ApiDocument } from "./api-document.ts";
import {
  describeOperation,
  effectOf,
  textsOf,
  type Converters,
  type DescribedOperation,
} from "./describe-operation.ts";
import type { Operation } from "./operations.ts";
import { BODY } from "./parameter-plan.ts";
import { isObject, own } from "./plain-data.ts";
import { binaryFields } from "./write-body.ts";
import { writeRequest } from "./write-request.ts";

/** What a tool answers whose operation does not say what form its answer has. */
export const untypedAnswer: JsonSchema = {
  type: "object",
  description: "The answer of an operation that does not describe its form.",
  properties: {
    status: { type: "integer", description: "The HTTP status, one of success." },
    json: { description: "The answer, where it is JSON." },
    text: { type: "string", description: "The answer, where it is not JSON." },
  },
  required: ["status"],
  additionalProperties: false,
};

/** Cheap: the schemas are made when they are first asked for, since most tools of a large API are never looked at. */
export function buildTool(document: ApiDocument, operation: Operation, name: string, converters: Converters): Tool {
  let described: DescribedOperation | undefined;
  const describe = () => (described ??= describeOperation(document, operation, converters));
  let check: ReturnType<typeof compileInput> | undefined;
  const { method } = operation;
  const isIdempotent = () => describe().plan.idempotencyHeader !== undefined;
  return {
    name,
    ...textsOf(operation),
    effect: effectOf(method),
    get inputSchema() {
      return describe().inputSchema;
    },
    get outputSchema() {
      return describe().outputSchema ?? untypedAnswer;
    },
    // RFC 9110 section 9.2.2.
    ...((method === "PUT" || method === "DELETE") && { annotations: { idempotentHint: true } }),
    examples: [],
    get diagnostics() {
      return describe().notes;
    },
    get idempotent() {
      return isIdempotent();
    },
    parseInput: (input) => (check ??= compileInput(describe().inputSchema)).parse(input),
    run: (run) => call(describe(), run),
  };
}

async function call({ plan, inputSchema, outputSchema }: DescribedOperation, run: ToolRun): Promise<unknown> {
  const binary =
    plan.body?.kind === "multipart"
      ? binaryFields(followed(own(own(inputSchema, "properties"), BODY), inputSchema))
      : new Set<string>();
  const { idempotencyKey } = run.context;
  const { method, path, options } = await writeRequest(plan, run.input, { binary, idempotencyKey });
  const answer = await run.http.request(method, path, options);
  return outputSchema ? typedAnswer(answer, outputSchema) : answerOf(answer);
}

/** A schema, through the reference that most documents put in its place. */
function followed(schema: unknown, whole: JsonSchema): unknown {
  const reference = own(schema, "$ref");
  if (typeof reference !== "string") return schema;
  return own(own(whole, "$defs"), reference.slice("#/$defs/".length));
}

/** An empty answer (204) is null, and what may be text need not be written as JSON. */
function typedAnswer(answer: HttpResponse, schema: JsonSchema): unknown {
  if (answer.text.trim() === "") return null;
  const saysJson = /\bjson\b/i.test(answer.headers["content-type"] ?? "json");
  const types = own(followed(schema, schema), "type");
  const mayBeText = types === "string" || (Array.isArray(types) && types.includes("string"));
  return mayBeText && !saysJson ? answer.text : answer.json();
}

function answerOf({ status, text }: HttpResponse): { status: number; json?: unknown; text?: string } {
  if (text === "") return { status };
  const json = parsed(text);
  return json === undefined ? { status, text } : { status, json };
}

/** Only objects and arrays count: an answer of `42` or `true` is text. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
