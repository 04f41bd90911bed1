/** Translates one tool to GraphQL: arguments, result type, and the way between GraphQL's names and the tool's own. */
import type { GraphQLFieldConfigArgumentMap, GraphQLOutputType } from "graphql";
import type { Effect, Tool } from "../../src/connector/tool.ts";
import { Fallbacks, type Fallback } from "./fallback.ts";
import { camelCase, pascalCase } from "./graph-names.ts";
import { objectToGraph, objectToTool } from "./input-plan.ts";
import { sampleInput } from "./sample-input.ts";
import { SchemaDocument } from "./schema-document.ts";
import { ShapeReader } from "./shape-reader.ts";
import { translateInput, wholeInput, type TranslatedInput } from "./translate-input.ts";
import { genericResult, translateOutput, type TranslatedOutput } from "./translate-output.ts";
import { TypeNames } from "./type-names.ts";

export type TranslatableTool = Pick<Tool, "name" | "description" | "effect" | "inputSchema" | "outputSchema">;

/** A tool in GraphQL. Its types are built once, on first use, and shared by every schema that holds the tool. */
export interface TranslatedTool {
  readonly toolName: string;
  /** The part of its types' names that stands for the tool. */
  readonly typeName: string;
  /** The tool's name in camelCase; a namespace settles the case that two tools meet. */
  readonly fieldName: string;
  readonly description: string;
  readonly effect: Effect;
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly type: GraphQLOutputType;
  /** GraphQL argument values as the tool's own input: its property names, absent stays absent, null where allowed. */
  toInput(args: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** A tool's input as GraphQL argument values: the reverse of `toInput`. */
  toArguments(input: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** An input that the tool would plausibly accept: its required properties. */
  sampleInput(): Record<string, unknown>;
  /** What an operator should know, in sentences. */
  readonly diagnostics: readonly string[];
  readonly fallbacks: readonly Fallback[];
  /** Are the tool's properties arguments of their own (false: one JSON argument `input`)? */
  readonly typedInput: boolean;
  readonly typedOutput: boolean;
  /** The same tool with its types under other names: for the rare case that two tools' types would meet. */
  renamed(suffix: string): TranslatedTool;
}

/**
 * Total: never throws. What GraphQL cannot express becomes `JSON` and is listed in `fallbacks`.
 *
 * @example
 * const translated = translateTool(searchIssues, { prefix: "Jira" });
 * translated.fieldName; // "searchIssues"
 * translated.toInput({ pageToken: "p2" }); // { page_token: "p2" }
 */
export function translateTool(tool: TranslatableTool, options: { prefix: string }): TranslatedTool {
  return new Translation(tool, options.prefix, "");
}

class Translation implements TranslatedTool {
  readonly toolName: string;
  readonly fieldName: string;
  readonly typeName: string;
  readonly description: string;
  readonly effect: Effect;
  readonly #tool: TranslatableTool;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #inputFallbacks = new Fallbacks("input");
  readonly #outputFallbacks = new Fallbacks("output");
  readonly #problems: string[] = [];
  readonly #renamed = new Map<string, TranslatedTool>();
  #input: TranslatedInput | undefined;
  #output: TranslatedOutput | undefined;
  #names: TypeNames | undefined;

  constructor(tool: TranslatableTool, prefix: string, suffix: string) {
    this.toolName = tool.name;
    this.fieldName = camelCase(tool.name);
    this.typeName = pascalCase(tool.name);
    this.description = tool.description;
    this.effect = tool.effect;
    this.#tool = tool;
    this.#prefix = prefix;
    this.#suffix = suffix;
  }

  get args(): GraphQLFieldConfigArgumentMap {
    return this.#translateInput().args;
  }

  get type(): GraphQLOutputType {
    return this.#translateOutput().type;
  }

  get typedInput(): boolean {
    return this.#translateInput().typed;
  }

  get typedOutput(): boolean {
    return this.#translateOutput().typed;
  }

  get fallbacks(): readonly Fallback[] {
    this.#translateInput();
    this.#translateOutput();
    return [...this.#inputFallbacks.list(), ...this.#outputFallbacks.list()];
  }

  get diagnostics(): readonly string[] {
    const fallbacks = this.fallbacks.map(({ place, reason }) => `${place} ${reason}.`);
    return [...this.#problems, ...fallbacks];
  }

  toInput(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { fields, whole } = this.#translateInput();
    if (whole === undefined) return objectToTool(fields, args) as Record<string, unknown>;
    // Not an object only when the caller says so: the tool's validation refuses it by name.
    const given = Object.hasOwn(args, whole) ? args[whole] : undefined;
    return (given ?? {}) as Record<string, unknown>;
  }

  toArguments(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { fields, whole } = this.#translateInput();
    return whole === undefined ? (objectToGraph(fields, input) ?? {}) : { [whole]: input };
  }

  sampleInput(): Record<string, unknown> {
    try {
      return sampleInput(new ShapeReader(new SchemaDocument(this.#tool.inputSchema)));
    } catch {
      // Said in the diagnostics already: such a schema could not be translated either.
      return {};
    }
  }

  renamed(suffix: string): TranslatedTool {
    const known = this.#renamed.get(suffix);
    if (known) return known;
    const renamed = new Translation(this.#tool, this.#prefix, suffix);
    this.#renamed.set(suffix, renamed);
    return renamed;
  }

  get #typeNames(): TypeNames {
    return (this.#names ??= new TypeNames(this.#prefix, this.toolName, this.#suffix));
  }

  #translateInput(): TranslatedInput {
    return (this.#input ??= this.#guarded(
      "input",
      () => translateInput(this.#tool.inputSchema, this.#typeNames, this.#inputFallbacks),
      () => wholeInput("The tool's whole input.", false),
    ));
  }

  #translateOutput(): TranslatedOutput {
    // Inputs first, always: where the names of an input and an output type would meet, the output's gets the suffix.
    this.#translateInput();
    const generic = () => ({ type: genericResult(this.#prefix), typed: false });
    const schema = this.#tool.outputSchema;
    if (schema === undefined) return (this.#output ??= generic());
    return (this.#output ??= this.#guarded(
      "output",
      () => translateOutput(schema, this.#typeNames, this.#outputFallbacks),
      generic,
    ));
  }

  /** The last line: a schema that breaks the translator costs this tool its types and nothing else. */
  #guarded<T>(side: string, translate: () => T, untyped: () => T): T {
    try {
      return translate();
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 200) : "unknown failure";
      this.#problems.push(`The ${side} schema could not be translated and stays JSON: ${reason}`);
      return untyped();
    }
  }
}
