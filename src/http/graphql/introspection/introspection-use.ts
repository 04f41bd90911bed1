/** Tells what an operation has to do with introspection: nothing, nothing else, or both. */
import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

export type IntrospectionUse = "none" | "only" | "mixed";

/** By the fields at the root; there alone `__schema` and `__type` exist. */
export function introspectionUse(document: DocumentNode, operation: OperationDefinitionNode): IntrospectionUse {
  if (operation.operation !== "query") return "none";
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let asks = false;
  let asksElse = false;
  const seen = new Set<string>();
  const waiting: SelectionSetNode[] = [operation.selectionSet];
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (name === "__schema" || name === "__type") asks = true;
        else if (name !== "__typename") asksElse = true;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) waiting.push(fragment.selectionSet);
      }
    }
  }
  if (!asks) return "none";
  return asksElse ? "mixed" : "only";
}
