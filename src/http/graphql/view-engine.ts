/** Parses, checks and executes operations for one permission view; remembers documents, so that an agent's usual ones cost little. */
import {
  getVariableValues,
  GraphQLError,
  Kind,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
} from "graphql";
import type { LimitSettings } from "../../config/settings.ts";
import { TimeSlice } from "../../time-slice.ts";
import { CompiledOperations, type Operation } from "./compiled-operations.ts";
import { documentNames } from "./document-names.ts";
import { IntrospectionAnswers, type IntrospectionAnswer } from "./introspection/introspection-answers.ts";
import { refuseLargeIntrospection } from "./introspection/refuse-introspection.ts";
import { introspectionUse, type IntrospectionUse } from "./introspection/introspection-use.ts";
import { LentContext } from "./lent-context.ts";
import { requestFault } from "./mask-error.ts";
import { measureOperation } from "./measure-operation.ts";
import type { ParsedDocuments } from "./parsed-documents.ts";
import { overLimits, type QueryLimits } from "./query-limits.ts";
import { suggestNames } from "./suggest-names.ts";
import type { ViewGraph } from "./view-graph.ts";

const MAX_VALIDATION_ERRORS = 20;

/** What was found out about a document. */
interface Checked {
  readonly faults: readonly GraphQLError[];
  /** Its cost has to be measured again with the variables of each request. */
  readonly isSizedByVariables: boolean;
}

export class ViewEngine {
  readonly graph: ViewGraph;
  readonly introspections: IntrospectionAnswers;
  readonly #limits: QueryLimits;
  readonly #maxTokens: number;
  readonly #operations: CompiledOperations;
  readonly #documents: ParsedDocuments;
  readonly #checked = new WeakMap<DocumentNode, Checked>();
  readonly #uses = new WeakMap<OperationDefinitionNode, IntrospectionUse>();

  constructor(graph: ViewGraph, limits: LimitSettings, documents: ParsedDocuments) {
    this.graph = graph;
    this.#documents = documents;
    this.introspections = new IntrospectionAnswers(graph);
    this.#operations = new CompiledOperations(graph.schema);
    this.#maxTokens = limits.queryTokens;
    this.#limits = { depth: limits.queryDepth, cost: limits.queryCost };
  }

  /** Throws a GraphQLError with `VALIDATION_ERROR` for what does not parse or is too long. */
  parse(source: string): DocumentNode {
    try {
      return this.#documents.parse(source, this.#maxTokens);
    } catch (error) {
      if (error instanceof GraphQLError) throw refused(error);
      throw isStackOverflow(error) ? nestedTooDeep() : error;
    }
  }

  /** Makes what the document needs of the graph and checks it; a promise only when others should have their turn meanwhile. */
  prepare(document: DocumentNode): Promise<void> | undefined {
    if (this.#checked.has(document)) return undefined;
    const making = this.graph.make(documentNames(document));
    if (making) return making.then(() => this.#check(document));
    return this.#check(document);
  }

  /** The faults of a prepared document against this view's schema; none when it may run. */
  validate(document: DocumentNode): readonly GraphQLError[] {
    return this.#checked.get(document)?.faults ?? this.#remember(document).faults;
  }

  /** The operation of that name, or the only one; absent when there is none or the choice is not clear. */
  operation(document: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
    let found: OperationDefinitionNode | undefined;
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      if (name !== undefined && definition.name?.value === name) return definition;
      if (name === undefined) {
        if (found !== undefined) return undefined;
        found = definition;
      }
    }
    return found;
  }

  introspectionUse(document: DocumentNode, operation: OperationDefinitionNode): IntrospectionUse {
    let use = this.#uses.get(operation);
    if (use === undefined) this.#uses.set(operation, (use = introspectionUse(document, operation)));
    return use;
  }

  /** Answers a valid operation that asks for nothing but introspection; absent when its variables do not fit. */
  introspect({
    document,
    operationName,
    variables,
  }: Omit<Operation, "context">): IntrospectionAnswer | Promise<IntrospectionAnswer> | undefined {
    const operation = this.operation(document, operationName);
    if (!operation) return undefined;
    const values = getVariableValues(this.graph.schema, operation.variableDefinitions ?? [], variables ?? {});
    return values.variableValues && this.introspections.answer(document, operation, values.variableValues);
  }

  /** Executes a valid operation of a document of this engine. */
  execute(operation: Operation): ExecutionResult | Promise<ExecutionResult> {
    const faults = this.#faultsAtExecution(operation);
    if (faults.length > 0) return { errors: faults };
    const { document, operationName, variables } = operation;
    const context = new LentContext(operation.context);
    const result = this.#operations.execute({ document, operationName, variables, context });
    return result instanceof Promise ? result.then((late) => takenOver(late, context)) : takenOver(result, context);
  }

  /** What only this request can tell: sizes of lists in its variables, and which operation it means. */
  #faultsAtExecution({ document, operationName, variables }: Operation): readonly GraphQLError[] {
    const operation = this.operation(document, operationName);
    if (operation && this.introspectionUse(document, operation) !== "none") {
      const refusal = refuseLargeIntrospection(this.graph.size);
      if (refusal) return [refused(refusal)];
      this.graph.complete();
    }
    // Plugins may hand over a changed copy of the document, of which nothing is known.
    if (this.#checked.get(document)?.isSizedByVariables === false) return [];
    const measure = measureOperation(this.graph.schema, document, variables ?? {}, operationName);
    return overLimits(measure, this.#limits).map(refused);
  }

  /** Suggestions look at many names: they are found one by one. A long document runs in another turn than its check. */
  #check(document: DocumentNode): Promise<void> | undefined {
    const slice = new TimeSlice();
    const { faults, isSizedByVariables } = this.#remember(document);
    if (faults.length === 0) return slice.isOver ? slice.pause() : undefined;
    return suggestNames(faults, this.graph.schema).then((suggested) => {
      this.#checked.set(document, { faults: suggested, isSizedByVariables });
    });
  }

  #remember(document: DocumentNode): Checked {
    const checked = this.#faultsOf(document);
    const remembered = { ...checked, faults: checked.faults.map(refused) };
    this.#checked.set(document, remembered);
    return remembered;
  }

  #faultsOf(document: DocumentNode): Checked {
    try {
      const { schema } = this.graph;
      const measure = measureOperation(schema, document, {});
      const { isSizedByVariables } = measure;
      // First and alone: the rules that follow are costly for what is too large.
      const over = overLimits(measure, this.#limits);
      if (over.length > 0) return { faults: over, isSizedByVariables };
      const faults = validate(schema, document, specifiedRules, {
        maxErrors: MAX_VALIDATION_ERRORS,
        // "Did you mean" over a large schema stalls the process for seconds.
        hideSuggestions: true,
      });
      return { faults: faults.map(explained), isSizedByVariables };
    } catch (error) {
      if (isStackOverflow(error)) return { faults: [nestedTooDeep()], isSizedByVariables: false };
      throw error;
    }
  }
}

/** The result without what the executor holds on to: neither context nor outputs outlive their operation. */
function takenOver({ data, ...rest }: ExecutionResult, context: LentContext): ExecutionResult {
  context.takeBack();
  if (!data) return data === undefined ? rest : { ...rest, data };
  const taken = { ...data };
  for (const field of Object.keys(data)) data[field] = undefined;
  return { ...rest, data: taken };
}

/** The same error with a code of the catalogue. */
export function refused(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: requestFault(error) });
}

/** graphql gives up comparing equal fields where there are too many of them, and says no more than that. */
function explained(error: GraphQLError): GraphQLError {
  if (error.message !== "Validation aborted.") return error;
  return new GraphQLError("The operation asks for the same field too many times.", {
    extensions: { suggestion: "Ask for each field once in a selection, or give each its alias." },
  });
}

/** Parser and rules are recursive: within the limit of tokens a document can still be deeper than the stack. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

function nestedTooDeep(): GraphQLError {
  return refused(new GraphQLError("The operation is nested too deep to be read."));
}
