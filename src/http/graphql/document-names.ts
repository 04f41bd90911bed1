/** The names an operation uses, so that what they stand for can be made before the operation is checked. */
import { Kind, type DocumentNode, type SelectionNode, type TypeNode } from "graphql";

export interface DocumentNames {
  readonly fields: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
}

/** In one pass without recursion: documents may be nested deeper than the stack. */
export function documentNames(document: DocumentNode): DocumentNames {
  const fields = new Set<string>();
  const types = new Set<string>();
  const waiting: SelectionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) types.add(definition.typeCondition.name.value);
    else if (definition.kind === Kind.OPERATION_DEFINITION) {
      for (const { type } of definition.variableDefinitions ?? []) types.add(namedType(type));
    } else continue;
    waiting.push(...definition.selectionSet.selections);
  }
  for (let selection = waiting.pop(); selection; selection = waiting.pop()) {
    if (selection.kind === Kind.FIELD) fields.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition)
      types.add(selection.typeCondition.name.value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
      for (const inner of selection.selectionSet.selections) waiting.push(inner);
  }
  return { fields, types };
}

function namedType(type: TypeNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}
