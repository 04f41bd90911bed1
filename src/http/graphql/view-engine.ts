/** Parses, checks and executes operations for one permission view; remembers documents, so that an agent's usual ones cost little. */
import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationTypeNode,
  type ValidationRule,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { LimitSettings } from "../../config/settings.ts";
import { CompiledOperations, type Operation } from "./compiled-operations.ts";
import { requestFault } from "./mask-error.ts";
import type { ToolTexts } from "./graphql-context.ts";
import { queryLimits } from "./query-limits.ts";

/** The graph of one view. */
export interface ViewGraph {
  readonly schema: GraphQLSchema;
  readonly texts: ToolTexts;
}

const MAX_DOCUMENTS = 1000;
/** Documents longer than this are not remembered: they are one-off, and memory is bounded. */
const MAX_REMEMBERED_LENGTH = 20_000;
const MAX_VALIDATION_ERRORS = 20;

export class ViewEngine {
  readonly graph: ViewGraph;
  readonly #rules: readonly ValidationRule[];
  readonly #maxTokens: number;
  readonly #operations: CompiledOperations;
  readonly #documents = new LRUCache<string, DocumentNode>({ max: MAX_DOCUMENTS });
  /** Valid ones only: an invalid document is the exception and is checked again. */
  readonly #valid = new WeakSet<DocumentNode>();

  constructor(graph: ViewGraph, limits: LimitSettings) {
    this.graph = graph;
    this.#operations = new CompiledOperations(graph.schema);
    this.#maxTokens = limits.queryTokens;
    this.#rules = [...specifiedRules, queryLimits({ depth: limits.queryDepth, cost: limits.queryCost })];
  }

  /** Throws a GraphQLError with `VALIDATION_ERROR` for what does not parse or is too long. */
  parse(source: string): DocumentNode {
    const known = this.#documents.get(source);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: this.#maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError)
        throw new GraphQLError(error.message, { ...located(error), extensions: requestFault(error) });
      throw isStackOverflow(error) ? nestedTooDeep() : error;
    }
    if (source.length <= MAX_REMEMBERED_LENGTH) this.#documents.set(source, document);
    return document;
  }

  /** The faults of a document against this view's schema; none when it may run. */
  validate(document: DocumentNode): readonly GraphQLError[] {
    if (this.#valid.has(document)) return [];
    const errors = this.#faultsOf(document);
    if (errors.length === 0) this.#valid.add(document);
    return errors.map(
      (error) => new GraphQLError(error.message, { ...located(error), extensions: requestFault(error) }),
    );
  }

  #faultsOf(document: DocumentNode): readonly GraphQLError[] {
    try {
      return validate(this.graph.schema, document, this.#rules, {
        maxErrors: MAX_VALIDATION_ERRORS,
        // "Did you mean" over a large schema stalls the process for seconds.
        hideSuggestions: true,
      });
    } catch (error) {
      if (isStackOverflow(error)) return [nestedTooDeep()];
      throw error;
    }
  }

  /** The operation of that name, or the only one; absent when there is none or the choice is not clear. */
  operation(document: DocumentNode, name: string | undefined): OperationTypeNode | undefined {
    let found: OperationTypeNode | undefined;
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      if (name !== undefined && definition.name?.value === name) return definition.operation;
      if (name === undefined) {
        if (found !== undefined) return undefined;
        found = definition.operation;
      }
    }
    return found;
  }

  /** Executes a valid operation of a document of this engine. */
  execute(operation: Operation): ExecutionResult | Promise<ExecutionResult> {
    return this.#operations.execute(operation);
  }
}

function located(error: GraphQLError): Pick<GraphQLError, "nodes" | "source" | "positions"> {
  return { nodes: error.nodes, source: error.source, positions: error.positions };
}

/** Parser and rules are recursive: within the limit of tokens a document can still be deeper than the stack. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

function nestedTooDeep(): GraphQLError {
  const error = new GraphQLError("The operation is nested too deep to be read.");
  return new GraphQLError(error.message, { extensions: requestFault(error) });
}
