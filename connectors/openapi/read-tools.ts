/** Reads an API document as the gateway's tools: one for each operation. */
import type { Tool } from "../../src/index.ts";
import type { ApiDocument } from "./api-document.ts";
import { buildTool } from "./build-tool.ts";
import { convertersOf } from "./describe-operation.ts";
import { operationNames } from "./operation-names.ts";
import { operationsOf, type Operation } from "./operations.ts";

export interface NamedOperation {
  readonly operation: Operation;
  /** Of its tool; does not depend on which operations are left out. */
  readonly name: string;
}

export function namedOperations(document: ApiDocument): NamedOperation[] {
  const operations = operationsOf(document);
  const names = operationNames(operations);
  return operations.map((operation, index) => ({ operation, name: names[index]! }));
}

/** One by one, so that others can have their turn between the thousands of a large document. */
export function* toolsOf(document: ApiDocument, operations: readonly NamedOperation[]): Generator<Tool> {
  const converters = convertersOf(document);
  for (const { operation, name } of operations) yield buildTool(document, operation, name, converters);
}

/** All at once. */
export function readTools(document: ApiDocument): Tool[] {
  return [...toolsOf(document, namedOperations(document))];
}
