/** One namespace of a graph: the fields of its tools, each made when an operation first names it. */
import { GraphQLObjectType, type GraphQLField, type GraphQLFieldConfig, type GraphQLFieldResolver } from "graphql";
import type { Tool } from "../src/connector/tool.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { View } from "../src/registry/view.ts";
import type { TimeSlice } from "../src/time-slice.ts";
import { typedToolResolver } from "../resolvers/run-typed-tool.ts";
import { makeField, type LazySchema } from "./lazy-schema.ts";
import type { NamespaceName } from "./namespace-names.ts";
import { toolCost } from "./tool-cost.ts";
import { toolNames, typeNameOf, type ToolNames } from "./tool-names.ts";
import { fieldOf, requestIdArgument, translateTool, type TranslatedTool } from "./translate/index.ts";
import { translated } from "./translated.ts";

export class LazyNamespace {
  readonly name: NamespaceName;
  /** Visible servers of it: one for a discovered server, any number for a type. */
  readonly servers: readonly ServerEntry[];
  readonly isType: boolean;
  /** Without fields until `addFields`; absent when no tool reads, or every tool only reads. */
  readonly queryType: GraphQLObjectType | undefined;
  readonly mutationType: GraphQLObjectType | undefined;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #names: ToolNames;
  #byTypeName: ReadonlyMap<string, readonly Tool[]> | undefined;

  static async open(
    view: View,
    name: NamespaceName,
    servers: readonly ServerEntry[],
    isType: boolean,
    slice: TimeSlice,
  ): Promise<LazyNamespace> {
    const tools = new Map<string, Tool>();
    for (const server of servers) {
      for (const tool of view.graphTools(server)) if (!tools.has(tool.name)) tools.set(tool.name, tool);
    }
    return new LazyNamespace(name, servers, isType, tools, await toolNames(tools, slice));
  }

  private constructor(
    name: NamespaceName,
    servers: readonly ServerEntry[],
    isType: boolean,
    tools: ReadonlyMap<string, Tool>,
    names: ToolNames,
  ) {
    this.name = name;
    this.servers = servers;
    this.isType = isType;
    this.#tools = tools;
    this.#names = names;
    const all = [...tools.values()];
    const typeOf = (kind: string) => new GraphQLObjectType({ name: `${name.prefix}${kind}`, fields: {} });
    this.queryType = all.some(({ effect }) => effect === "read") ? typeOf("Queries") : undefined;
    this.mutationType = all.some(({ effect }) => effect !== "read") ? typeOf("Mutations") : undefined;
  }

  get size(): number {
    return this.#tools.size;
  }

  get types(): readonly GraphQLObjectType[] {
    return [this.queryType, this.mutationType].filter((type) => type !== undefined);
  }

  /** Promises a field for every tool to a schema that holds the types. */
  async addFields(schema: LazySchema, slice: TimeSlice): Promise<void> {
    for (const tool of this.#tools.values()) {
      if (slice.isOver) await slice.pause();
      schema.addField(this.#parentOf(tool), this.#names.fieldName(tool), () =>
        this.#config(tool, this.translation(tool)),
      );
    }
  }

  /** The fields of one of the two types, made for the one who asks and not kept. */
  *fieldsOf(type: GraphQLObjectType): Generator<GraphQLField<unknown, unknown>> {
    for (const tool of this.#tools.values()) {
      if (this.#parentOf(tool) !== type) continue;
      const fresh = this.#suffixed(tool, translateTool(tool, { prefix: this.name.prefix }));
      yield makeField(type, this.#names.fieldName(tool), this.#config(tool, fresh));
    }
  }

  /** The tool of that name as this namespace has it: with several servers, the first one's. */
  tool(name: string): Tool | undefined {
    return this.#tools.get(name);
  }

  fieldName(tool: Tool): string {
    return this.#names.fieldName(tool);
  }

  translation(tool: Tool): TranslatedTool {
    return this.#suffixed(tool, translated(tool, this.name.prefix, this.isType));
  }

  /** Reads the fields that lead to a type of this name, so that the schema has it. */
  readFieldsOf(typeName: string): void {
    const { prefix } = this.name;
    if (!typeName.startsWith(prefix)) return;
    if (typeName === `${prefix}Result`) {
      // The one result type of all tools that declare none.
      for (const tool of this.#tools.values()) if (tool.outputSchema === undefined) return this.#read(tool);
    }
    if (typeName[prefix.length] !== "_") return;
    const part = /^[^_]*/.exec(typeName.slice(prefix.length + 1))![0];
    for (const tool of this.#toolsByTypeName().get(part) ?? []) this.#read(tool);
  }

  /** What the first operation that names a field has to pay for, in steps that others may come between. */
  firstUse(type: GraphQLObjectType, fieldName: string): (() => unknown)[] {
    let toolName: unknown;
    return [
      () => (toolName = type.getFields()[fieldName]?.extensions.toolName),
      // The check of a tool's input is compiled when it is first used.
      () => this.#tools.get(String(toolName))?.parseInput({}),
    ];
  }

  #read(tool: Tool): void {
    void this.#parentOf(tool).getFields()[this.#names.fieldName(tool)];
  }

  #toolsByTypeName(): ReadonlyMap<string, readonly Tool[]> {
    return (this.#byTypeName ??= Map.groupBy(this.#tools.values(), typeNameOf));
  }

  #parentOf(tool: Tool): GraphQLObjectType {
    const type = tool.effect === "read" ? this.queryType : this.mutationType;
    if (!type) throw new Error("invariant: a namespace has a type for each effect of its tools");
    return type;
  }

  #suffixed(tool: Tool, translation: TranslatedTool): TranslatedTool {
    const suffix = this.#names.typeSuffix(tool);
    return suffix === "" ? translation : translation.renamed(suffix);
  }

  #config(tool: Tool, translation: TranslatedTool): GraphQLFieldConfig<unknown, unknown> {
    const resolver = typedToolResolver({
      toolName: tool.name,
      effect: tool.effect,
      requestIdArgument: requestIdArgument(translation),
      toInput: (args) => translation.toInput(args),
    });
    const config = fieldOf(translation, resolver as GraphQLFieldResolver<unknown, unknown>);
    return { ...config, extensions: { ...config.extensions, cost: toolCost(tool.effect) } };
  }
}
