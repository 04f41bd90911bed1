/** Works out once which fields of the introspection types an operation asks for, fragments and directives applied. */
import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
  type VariableValues,
} from "graphql";

/** One field of an answer: where it stands, how it is read, and what is read of its value. */
export interface SelectedField {
  /** `"name":` as it stands in the answer. */
  readonly label: string;
  /** Absent for `__typename`. */
  readonly field: GraphQLField<unknown, unknown> | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly inner: Selection | undefined;
}

export interface Selection {
  readonly type: GraphQLObjectType;
  readonly fields: readonly SelectedField[];
  /** Somewhere in it are lists as long as the graph is large. */
  readonly isWide: boolean;
}

/** Fields whose lists grow with the number of tools. */
const WIDE: ReadonlySet<string> = new Set(["types", "fields"]);

/** The operation is valid and asks for nothing but introspection. */
export function selectFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  set: SelectionSetNode,
  variables: VariableValues,
): Selection {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  const collect = (
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    into: Map<string, FieldNode[]>,
    seen: Set<string>,
  ): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = into.get(key);
        if (nodes) nodes.push(selection);
        else into.set(key, [selection]);
        continue;
      }
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!part || (part.typeCondition && part.typeCondition.name.value !== type.name)) continue;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
      }
      collect(type, part.selectionSet.selections, into, seen);
    }
  };

  const select = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Selection => {
    const nodes = new Map<string, FieldNode[]>();
    const seen = new Set<string>();
    for (const { selections } of sets) collect(type, selections, nodes, seen);
    const fields = [...nodes].map(([key, same]): SelectedField => {
      const [node] = same as [FieldNode];
      const label = `${JSON.stringify(key)}:`;
      const field = node.name.value === "__typename" ? undefined : schema.getField(type, node.name.value);
      if (!field) return { label, field: undefined, args: {}, inner: undefined };
      const result = getNamedType(field.type);
      const sets = same.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
      return {
        label,
        field,
        args: getArgumentValues(field, node, variables),
        inner: isObjectType(result) ? select(result, sets) : undefined,
      };
    });
    const isWide = fields.some(({ field, inner }) => (field && WIDE.has(field.name)) || inner?.isWide === true);
    return { type, fields, isWide };
  };

  const root = schema.getQueryType();
  if (!root) throw new Error("invariant: a graph has a query type");
  return select(root, [set]);
}

function isIncluded(node: SelectionNode, variables: VariableValues): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}
