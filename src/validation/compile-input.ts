/** Compiles a JSON Schema that somebody else wrote into a check of a tool's input, without trusting its patterns. */
import { Ajv, type ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { RE2JS } from "re2js";
import type { JsonSchema } from "../connector/json-schema.ts";
import type { InputProblem, ParsedInput } from "../connector/tool.ts";

/** Regular expressions of third parties run on RE2 (linear time): a pattern must not be able to stall the process. */
const linearTimeRegExp = Object.assign(
  (pattern: string) => {
    try {
      const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
      // Ajv takes patterns whose text is equal for one: without a text of its own every pattern would be the first.
      return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
    } catch {
      // Backreferences and look-arounds have no linear-time form: such a pattern is left to the server itself.
      return { test: () => true, toString: () => pattern };
    }
  },
  { code: "linearTimeRegExp" },
);

const options = {
  strict: false,
  allErrors: true,
  useDefaults: false,
  // Compiling the meta-schema for each instance took 23 ms; a schema that is none fails to compile, or checks less.
  validateSchema: false,
  meta: false,
  validateFormats: false,
  // A property called `constructor` is the input's own or it is absent.
  ownProperties: true,
  addUsedSchema: false,
  inlineRefs: false,
  code: { regExp: linearTimeRegExp },
} as const;

/**
 * Compiles lazily: the first call pays, a tool nobody calls costs nothing. `problem` says why a schema cannot be
 * compiled; its input is then passed on unchecked and the server's own validation decides.
 *
 * @example
 * const parse = compileInput({ type: "object", required: ["q"], properties: { q: { type: "string" } } });
 * parse.parse({}); // { ok: false, problems: [{ path: ["q"], problem: "is required", … }] }
 */
export function compileInput(schema: JsonSchema): {
  parse(input: unknown): ParsedInput;
  problem(): string | undefined;
} {
  let compiled: { validate?: ReturnType<Ajv["compile"]>; problem?: string } | undefined;
  const compile = () => (compiled ??= tryCompile(schema));
  return {
    parse: (input) => {
      const { validate } = compile();
      if (!validate || validate(input)) return { ok: true, value: input };
      return { ok: false, problems: (validate.errors ?? []).slice(0, 20).map(toProblem) };
    },
    problem: () => compile().problem,
  };
}

function tryCompile(schema: JsonSchema): { validate?: ReturnType<Ajv["compile"]>; problem?: string } {
  const older = typeof schema.$schema === "string" && /draft-0[3-7]/.test(schema.$schema);
  try {
    // One instance each: instances keep every schema they have seen, and two tools may use the same $id.
    const ajv = older ? new Ajv(options) : new Ajv2020(options);
    const { $schema: _, $id: __, id: ___, ...rest } = schema as Record<string, unknown>;
    return { validate: ajv.compile(rest) };
  } catch (error) {
    return { problem: `input schema cannot be checked: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function toProblem(error: ErrorObject): InputProblem {
  const path = error.instancePath.split("/").slice(1).map(decodePointer);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return { path: [...path, String(params.missingProperty)], problem: "is required" };
    case "additionalProperties":
      return { path: [...path, String(params.additionalProperty)], problem: "unknown field" };
    case "enum":
      return {
        path,
        problem: "is not one of the allowed values",
        expected: `one of ${JSON.stringify(params.allowedValues)}`,
      };
    case "type":
      return { path, problem: "has the wrong type", expected: String(params.type) };
    default:
      return { path, problem: error.message ?? error.keyword };
  }
}

function decodePointer(part: string): string | number {
  const text = part.replaceAll("~1", "/").replaceAll("~0", "~");
  return /^\d+$/.test(text) ? Number(text) : text;
}
