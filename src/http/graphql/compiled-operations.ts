/** Compiles the operations that agents send again and again to plain functions; others are executed as they are. */
import { BREAK, execute, visit, type DocumentNode, type ExecutionResult, type GraphQLSchema } from "graphql";
import { compileQuery, isCompiledQuery, type CompiledQuery } from "graphql-jit";
import type { GraphqlContext } from "./graphql-context.ts";

/** Compiling takes some milliseconds: an agent that writes literals into its documents sends each only once. */
const HITS_BEFORE_COMPILING = 5;

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
  readonly context: GraphqlContext;
}

interface Remembered {
  hits: number;
  compiled: CompiledQuery | undefined;
}

/**
 * For one schema. Keyed by document and operation name: a document may hold several operations, and compiled code is
 * for one of them.
 */
export class CompiledOperations {
  readonly #schema: GraphQLSchema;
  readonly #operations = new WeakMap<DocumentNode, Map<string, Remembered>>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Executes a valid operation. */
  execute({ document, operationName, variables, context }: Operation): ExecutionResult | Promise<ExecutionResult> {
    const compiled = this.#compiled(document, operationName);
    if (compiled) return compiled.query(undefined, context, variables ?? {});
    return execute({
      schema: this.#schema,
      document,
      contextValue: context,
      ...(operationName !== undefined && { operationName }),
      ...(variables && { variableValues: variables }),
    });
  }

  #compiled(document: DocumentNode, operationName: string | undefined): CompiledQuery | undefined {
    let operations = this.#operations.get(document);
    if (!operations) this.#operations.set(document, (operations = new Map()));
    const name = operationName ?? "";
    let remembered = operations.get(name);
    if (!remembered) operations.set(name, (remembered = { hits: 0, compiled: undefined }));
    remembered.hits += 1;
    if (remembered.hits === HITS_BEFORE_COMPILING && isCompilable(document)) {
      const compiled = compileQuery(this.#schema, document, operationName);
      // What cannot be compiled is executed as it is, for good.
      if (isCompiledQuery(compiled)) remembered.compiled = compiled;
    }
    return remembered.compiled;
  }
}

/**
 * Compiled code has its own reading of `@skip` and `@include` in fragments, and loses variables and `__proto__` keys
 * inside list and object literals (seen with graphql-jit 0.8.9). Such documents are executed as they are; an operation
 * that is sent again and again has its values in variables anyway.
 */
function isCompilable(document: DocumentNode): boolean {
  let isPlain = true;
  const refuse = () => {
    isPlain = false;
    return BREAK;
  };
  visit(document, { Directive: refuse, ObjectValue: refuse, ListValue: refuse });
  return isPlain;
}
