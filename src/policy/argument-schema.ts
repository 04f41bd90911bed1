/** Decides whether a call's input fits the `arguments` schema of a policy rule, and never by a check that did not run. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { RE2JS } from "re2js";
import type { JsonSchema } from "../connector/json-schema.ts";
import type { ParsedInput } from "../connector/tool.ts";
import { compileInput } from "../validation/compile-input.ts";

export interface ArgumentSchema {
  parse(input: unknown): ParsedInput;
  /** Why the schema cannot be enforced exactly as written; its rule then refuses, whether it allows or denies. */
  readonly problem: string | undefined;
}

/**
 * A tool's own schema may be checked loosely, since the server checks again. A permission may not: a mistyped keyword,
 * a `format` or a pattern beyond RE2 would be passed over in silence and permit what the operator meant to refuse.
 */
export function compileArgumentSchema(schema: JsonSchema): ArgumentSchema {
  const compiled = compileInput(schema);
  return { parse: (input) => compiled.parse(input), problem: unenforceable(schema) ?? compiled.problem() };
}

function unenforceable(schema: JsonSchema): string | undefined {
  try {
    new Ajv2020({
      strictSchema: true,
      strictTypes: false,
      strictTuples: false,
      strictRequired: false,
      code: { regExp: linearTimeOnly },
      logger: false,
    }).compile(withoutDialect(schema));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const linearTimeOnly = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
    return { test: (text: string) => compiled.matcher(text).find() };
  },
  { code: "linearTimeOnly" },
);

/** One reading for all rules: draft 2020-12, which is what the configuration promises. */
function withoutDialect(schema: JsonSchema): Record<string, unknown> {
  const { $schema: _, ...rest } = schema as Record<string, unknown>;
  return rest;
}
