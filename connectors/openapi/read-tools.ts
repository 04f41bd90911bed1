/** Reads an API document as the gateway's tools: one for each operation. */
import type { Tool } from "../../src/index.ts";
import type { ApiDocument } from "./api-document.ts";
import { buildTool } from "./build-tool.ts";
import { convertersOf } from "./describe-operation.ts";
import { operationNames } from "./operation-names.ts";
import { operationsOf, type Operation } from "./operations.ts";

/** `wanted` leaves operations out; names do not depend on it. */
export function readTools(
  document: ApiDocument,
  wanted: (operation: Operation, name: string) => boolean = () => true,
): Tool[] {
  const operations = operationsOf(document);
  const names = operationNames(operations);
  const converters = convertersOf(document);
  return operations.flatMap((operation, index) => {
    const name = names[index]!;
    return wanted(operation, name) ? [buildTool(document, operation, name, converters)] : [];
  });
}
