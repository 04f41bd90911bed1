/** Derives the runtime tool from what an author wrote: JSON Schemas, description, checks of input and output. */
import { z } from "zod";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { problemDetails } from "../errors/validation-error.ts";
import type { DefinedTool, ToolCallOf, ToolSpec } from "./define-connector.ts";
import type { HttpClient } from "./http-client.ts";
import type { JsonSchema } from "./json-schema.ts";
import { zodProblems } from "../validation/zod-problems.ts";
import type { CallContext, Tool, ToolRun } from "./tool.ts";

/** Binds an author's tool to the state of a server. Throws at definition when a schema has no JSON Schema form. */
export function toolFromSpec<C, S, I extends z.ZodObject, O extends z.ZodType>(
  spec: ToolSpec<C, S, I, O>,
): DefinedTool<C, S> {
  const { batch } = spec;
  const inputSchema = jsonSchemaOf(spec.input, "input", spec.name);
  const outputSchema = jsonSchemaOf(spec.output, "output", spec.name);
  // Unknown fields are refused: a misspelt argument must not vanish silently.
  const strictInput = spec.input.strict();
  const common = {
    name: spec.name,
    ...(spec.title !== undefined && { title: spec.title }),
    description: describe(spec),
    effect: spec.effect,
    inputSchema,
    outputSchema,
    examples: spec.examples as Tool["examples"],
    diagnostics: [],
    ...(spec.cacheTtlMs !== undefined && { cacheTtlMs: spec.cacheTtlMs }),
    ...(spec.idempotent !== undefined && { idempotent: spec.idempotent }),
    parseInput: (input: unknown) => {
      const result = strictInput.safeParse(input);
      return result.success
        ? { ok: true as const, value: result.data as unknown }
        : { ok: false as const, problems: zodProblems(result.error) };
    },
    parseOutput: (output: unknown) => {
      const result = spec.output.safeParse(output);
      if (result.success) return result.data as unknown;
      throw new CatalogueError(
        "DATA_TRANSFORMATION_ERROR",
        `The answer of ${spec.name} does not have its declared form.`,
        {
          details: problemDetails(zodProblems(result.error)).slice(0, 10),
        },
      );
    },
  };
  return {
    name: spec.name,
    bind: ({ config, shared }) => ({
      ...common,
      run: (run) => spec.run(new AuthorCall(run, run.input as z.output<I>, config, shared)),
      ...(batch && {
        batch: {
          maxSize: batch.maxSize,
          run: ({ inputs, http, signal, context }) =>
            batch.run({ inputs: inputs as readonly z.output<I>[], http, signal, context, config, shared }),
        },
      }),
    }),
  };
}

/** What an author's `run` is given, all of it its own, so that a copy (`{ ...call }`) has all of it, too. */
class AuthorCall<I, C, S> implements ToolCallOf<I, C, S> {
  readonly input: I;
  readonly http: HttpClient;
  readonly context: CallContext;
  readonly config: C;
  readonly shared: S;
  declare readonly signal: AbortSignal;
  readonly #run: ToolRun;

  constructor(run: ToolRun, input: I, config: C, shared: S) {
    this.#run = run;
    this.input = input;
    this.http = run.http;
    this.context = run.context;
    this.config = config;
    this.shared = shared;
    Object.defineProperty(this, "signal", AuthorCall.#signal);
  }

  /** Made when the tool asks for it: few do, and it costs more than all else here. */
  static readonly #signal = {
    enumerable: true,
    get(this: AuthorCall<unknown, unknown, unknown>): AbortSignal {
      return this.#run.signal;
    },
  };
}

function jsonSchemaOf(schema: z.ZodType, io: "input" | "output", tool: string): JsonSchema {
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
    return rest;
  } catch (cause) {
    throw new TypeError(`The ${io} schema of ${tool} has no JSON Schema form; for dates use z.iso.datetime().`, {
      cause,
    });
  }
}

/** One text an agent can choose by: what it does, when to use it, and what to use for other purposes. */
function describe(
  spec: Pick<ToolSpec<never, never, z.ZodObject, z.ZodType>, "summary" | "useWhen" | "insteadUse">,
): string {
  const parts = [spec.summary];
  if (spec.useWhen !== undefined) parts.push(`Use when: ${spec.useWhen}`);
  for (const [purpose, tool] of Object.entries(spec.insteadUse ?? {})) parts.push(`To ${purpose}, use ${tool}.`);
  return parts.join(" ");
}
