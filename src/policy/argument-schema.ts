/** Decides whether a call's input fits the `arguments` schema of a policy rule, and never by a check that did not run. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import type { JsonSchema } from "../connector/json-schema.ts";
import type { ParsedInput } from "../connector/tool.ts";
import { compileInput } from "../validation/compile-input.ts";

export interface ArgumentSchema {
  parse(input: unknown): ParsedInput;
  /** Why the schema cannot be enforced exactly as written; its rule then refuses, whether it allows or denies. */
  readonly problem: string | undefined;
}

/** Rules repeat, and a reload brings most of them again: compiling one takes milliseconds. */
const compiled = new LRUCache<string, ArgumentSchema>({ max: 500 });

/** Always draft 2020-12, which is what the configuration promises: a `$schema` beside it could only mislead. */
export function compileArgumentSchema(rule: JsonSchema): ArgumentSchema {
  const { $schema: _, ...schema } = rule as Record<string, unknown>;
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const input = compileInput(schema);
  const made = { parse: (value: unknown) => input.parse(value), problem: unenforceable(schema) };
  compiled.set(text, made);
  return made;
}

const metaSchema = new Ajv2020({ strict: false, logger: false });

/**
 * A tool's own schema may be checked loosely, since the server checks again. A permission may not: a mistyped keyword,
 * a `format` or a pattern beyond RE2 would be passed over in silence and permit what the operator meant to refuse.
 */
function unenforceable(schema: JsonSchema): string | undefined {
  if (!metaSchema.validateSchema(schema)) return metaSchema.errorsText(metaSchema.errors, { dataVar: "arguments" });
  try {
    new Ajv2020({ ...strict, validateSchema: false, logger: false }).compile(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Throws, where the check of inputs is lenient. Ajv keeps patterns apart by their text. */
const linearTimeOnly = Object.assign(
  (pattern: string) => {
    const matcher = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
    return { test: (text: string) => matcher.matcher(text).find(), toString: () => pattern };
  },
  { code: "linearTimeOnly" },
);

/** Unknown keywords and formats are errors; the rest of Ajv's strictness is about style. */
const strict = {
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  code: { regExp: linearTimeOnly },
} as const;
