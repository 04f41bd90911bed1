/** Holds operations to a depth and a cost: by what they would do, not by how many aliases they use. */
import {
  GraphQLError,
  Kind,
  getNamedType,
  isCompositeType,
  isObjectType,
  isInterfaceType,
  type ASTVisitor,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

export interface QueryLimits {
  /** Deepest nesting of fields. */
  readonly depth: number;
  /** Most cost: one a field, more where `extensions.cost` says so, multiplied by the `first` of the list it is in. */
  readonly cost: number;
}

interface Measure {
  readonly cost: number;
  readonly depth: number;
}

/** What a list is taken to hold when its size is in a variable. */
const ASSUMED_FIRST = 50;

/**
 * A validation rule for these limits. The refusal carries the number and the limit, so that an agent can shrink its query.
 * Introspection is bounded by the specified rules. Each fragment is measured once.
 */
export function queryLimits(limits: QueryLimits): ValidationRule {
  return function QueryLimitsRule(context: ValidationContext): ASTVisitor {
    const fragments = new Map<string, Measure>();
    const open = new Set<string>();
    const schema = context.getSchema();

    const measureFragment = (name: string): Measure => {
      const known = fragments.get(name);
      if (known) return known;
      const fragment = context.getFragment(name);
      // A cycle is another rule's to report; here it must only end.
      if (!fragment || open.has(name)) return { cost: 0, depth: 0 };
      open.add(name);
      const type = schema.getType(fragment.typeCondition.name.value);
      const measure = measureSet(fragment.selectionSet, isCompositeType(type) ? type : undefined);
      open.delete(name);
      fragments.set(name, measure);
      return measure;
    };

    const measureSet = (set: SelectionSetNode, parent: GraphQLCompositeType | undefined): Measure => {
      let cost = 0;
      let depth = 0;
      for (const selection of set.selections) {
        let measure: Measure;
        if (selection.kind === Kind.FIELD) measure = measureField(selection, parent);
        else if (selection.kind === Kind.FRAGMENT_SPREAD) measure = measureFragment(selection.name.value);
        else {
          const condition = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
          measure = measureSet(selection.selectionSet, isCompositeType(condition) ? condition : undefined);
        }
        cost += measure.cost;
        depth = Math.max(depth, measure.depth);
      }
      return { cost, depth };
    };

    const measureField = (field: FieldNode, parent: GraphQLCompositeType | undefined): Measure => {
      const name = field.name.value;
      if (name.startsWith("__")) return { cost: 0, depth: 0 };
      const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
      const own = costOf(definition);
      if (!field.selectionSet) return { cost: own, depth: 1 };
      const type = definition && getNamedType(definition.type);
      const inner = measureSet(field.selectionSet, isCompositeType(type) ? type : undefined);
      return { cost: own + inner.cost * listSize(field, definition), depth: inner.depth + 1 };
    };

    return {
      OperationDefinition(operation) {
        const root = rootOf(schema, operation.operation);
        const { cost, depth } = measureSet(operation.selectionSet, root);
        if (depth > limits.depth) {
          context.reportError(tooMuch("depth", depth, limits.depth, "Ask for less nesting, or split the operation."));
        }
        if (cost > limits.cost) {
          context.reportError(
            tooMuch("cost", cost, limits.cost, "Ask for fewer fields or smaller pages, or split the operation."),
          );
        }
      },
    };
  };
}

function costOf(field: GraphQLField<unknown, unknown> | undefined): number {
  const cost = field?.extensions.cost;
  return typeof cost === "number" ? cost : 1;
}

function listSize(field: FieldNode, definition: GraphQLField<unknown, unknown> | undefined): number {
  if (!definition?.args.some((argument) => argument.name === "first")) return 1;
  const value = field.arguments?.find((argument) => argument.name.value === "first")?.value;
  if (value?.kind === Kind.INT) return Math.max(1, Number(value.value));
  return ASSUMED_FIRST;
}

function rootOf(schema: GraphQLSchema, operation: string): GraphQLCompositeType | undefined {
  if (operation === "query") return schema.getQueryType() ?? undefined;
  if (operation === "mutation") return schema.getMutationType() ?? undefined;
  return schema.getSubscriptionType() ?? undefined;
}

function tooMuch(measure: "depth" | "cost", actual: number, limit: number, suggestion: string): GraphQLError {
  return new GraphQLError(`The operation has a ${measure} of ${actual}; the limit is ${limit}.`, {
    extensions: { details: { measure, actual, limit }, suggestion },
  });
}
