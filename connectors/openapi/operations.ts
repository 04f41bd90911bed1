/** Lists the operations of an API document, with what stands around each of them already joined. */
import type { ApiDocument } from "./api-document.ts";
import { entriesOf, isObject, listOf, own, ownText, type Json } from "./plain-data.ts";

export interface Operation {
  /** In capitals. */
  readonly method: string;
  /** As the document writes it: a template, perhaps with a query or a fragment. */
  readonly path: string;
  readonly id: string | undefined;
  readonly tags: readonly string[];
  /** The operation object itself. */
  readonly node: Json;
  /** The path's parameters and the operation's own, references followed, each once. */
  readonly parameters: readonly Json[];
  /** Another address than the document's, which this operation alone is served from. */
  readonly elsewhere: string | undefined;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/** In the order of the document. */
export function operationsOf(document: ApiDocument): Operation[] {
  const usual = addressIn([own(document.root, "servers")]);
  return entriesOf(own(document.root, "paths")).flatMap(([path, item]) => {
    const shared = document.follow(item);
    return METHODS.flatMap((method) => {
      const node = own(shared, method);
      if (!isObject(node)) return [];
      const tags = listOf(own(node, "tags")).filter((tag) => typeof tag === "string");
      const parameters = parametersOf(document, [own(shared, "parameters"), own(node, "parameters")]);
      const address = addressIn([own(node, "servers"), own(shared, "servers")]);
      const elsewhere = address === usual ? undefined : address;
      const id = ownText(node, "operationId");
      return [{ method: method.toUpperCase(), path, id, tags, node, parameters, elsewhere }];
    });
  });
}

function addressIn(lists: readonly unknown[]): string | undefined {
  return ownText(lists.flatMap(listOf)[0], "url");
}

/** A parameter is known by its place and name; the operation's own replaces the path's. */
function parametersOf(document: ApiDocument, lists: readonly unknown[]): Json[] {
  const parameters = new Map<string, Json>();
  for (const parameter of lists.flatMap(listOf)) {
    const found = document.follow(parameter);
    const place = ownText(found, "in");
    const name = own(found, "name");
    if (found && place !== undefined && typeof name === "string") parameters.set(`${place} ${name}`, found);
  }
  return [...parameters.values()];
}
