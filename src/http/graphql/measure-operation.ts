/** Measures what an operation would cost and how deep it goes, before anything of it runs. */
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

export interface Measure {
  readonly cost: number;
  readonly depth: number;
  /** Selection sets within each other, through fragments as well. */
  readonly nesting: number;
}

export interface OperationMeasure extends Measure {
  /** The cost depends on values of variables. */
  readonly isSizedByVariables: boolean;
}

/** Deeper ones are not followed: the rules that come after are recursive. */
export const MOST_NESTING = 200;

const nothing: Measure = { cost: 0, depth: 0, nesting: 0 };

/** The most expensive of the document's operations, or the named one. Each fragment is measured once. */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName?: string,
): OperationMeasure {
  const measuring = new Measuring(schema, document, variables);
  let most = nothing;
  for (const definition of document.definitions) {
    let measure = nothing;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // An unused fragment does nothing, but the rules that come after would still descend into it.
      measure = { ...nothing, nesting: measuring.fragment(definition.name.value, 0).nesting };
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      if (operationName !== undefined && definition.name?.value !== operationName) continue;
      measure = measuring.set(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined, 0);
    }
    most = larger(most, measure);
  }
  return { ...most, isSizedByVariables: measuring.isSizedByVariables };
}

class Measuring {
  isSizedByVariables = false;
  readonly #schema: GraphQLSchema;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, Measure>();

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
    this.#schema = schema;
    this.#variables = variables;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#definitions.set(definition.name.value, definition);
    }
  }

  fragment(name: string, level: number): Measure {
    const known = this.#fragments.get(name);
    if (known) return known;
    const definition = this.#definitions.get(name);
    if (!definition) return nothing;
    // A cycle is another rule's to report; here it must only end.
    this.#fragments.set(name, nothing);
    const measure = this.set(definition.selectionSet, this.#composite(definition.typeCondition.name.value), level);
    this.#fragments.set(name, measure);
    return measure;
  }

  set(set: SelectionSetNode, parent: GraphQLCompositeType | undefined, level: number): Measure {
    if (level > MOST_NESTING) return { cost: 0, depth: 0, nesting: level };
    let cost = 0;
    let depth = 0;
    let nesting = 0;
    for (const selection of set.selections) {
      let measure: Measure;
      if (selection.kind === Kind.FIELD) measure = this.#field(selection, parent, level);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) measure = this.fragment(selection.name.value, level + 1);
      else {
        const condition = selection.typeCondition ? this.#composite(selection.typeCondition.name.value) : parent;
        measure = this.set(selection.selectionSet, condition, level + 1);
      }
      cost += measure.cost;
      depth = Math.max(depth, measure.depth);
      nesting = Math.max(nesting, measure.nesting);
    }
    return { cost, depth, nesting: nesting + 1 };
  }

  #field(field: FieldNode, parent: GraphQLCompositeType | undefined, level: number): Measure {
    const name = field.name.value;
    // Introspection has bounds of its own.
    if (name.startsWith("__")) return nothing;
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const own = typeof definition?.extensions.cost === "number" ? definition.extensions.cost : 1;
    const type = definition && getNamedType(definition.type);
    const inner = field.selectionSet
      ? this.set(field.selectionSet, isCompositeType(type) ? type : undefined, level + 1)
      : nothing;
    return { cost: this.#costOf(field, definition, own, inner.cost), depth: inner.depth + 1, nesting: inner.nesting };
  }

  #costOf(
    field: FieldNode,
    definition: GraphQLField<unknown, unknown> | undefined,
    own: number,
    inner: number,
  ): number {
    const sizedBy = definition?.extensions.sizedBy;
    if (typeof sizedBy === "string") return (own + inner) * this.#sizeOf(field, definition, sizedBy);
    // One call of a tool is one call, whatever the tool means by `first`.
    if (definition?.extensions.toolName !== undefined) return own + inner;
    return own + inner * this.#sizeOf(field, definition, "first");
  }

  /** How many things the argument asks for: a number, or the length of a list. */
  #sizeOf(field: FieldNode, definition: GraphQLField<unknown, unknown> | undefined, argument: string): number {
    const declared = definition?.args.find(({ name }) => name === argument);
    if (!declared) return 1;
    const given = field.arguments?.find(({ name }) => name.value === argument)?.value;
    const size = given && this.#numberOf(given);
    const usual = declared.defaultValue ?? declared.default?.value;
    return Math.max(1, size ?? (typeof usual === "number" ? usual : 1));
  }

  #numberOf(value: ValueNode): number | undefined {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind === Kind.LIST) return value.values.length;
    if (value.kind !== Kind.VARIABLE) return undefined;
    this.isSizedByVariables = true;
    const given = Object.hasOwn(this.#variables, value.name.value) ? this.#variables[value.name.value] : undefined;
    if (typeof given === "number") return given;
    return Array.isArray(given) ? given.length : undefined;
  }

  #composite(name: string): GraphQLCompositeType | undefined {
    const type = this.#schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

function larger(a: Measure, b: Measure): Measure {
  return {
    cost: Math.max(a.cost, b.cost),
    depth: Math.max(a.depth, b.depth),
    nesting: Math.max(a.nesting, b.nesting),
  };
}
