/** Holds operations to a depth and a cost: by what they would do, not by how many aliases they use. */
import { GraphQLError } from "graphql";
import { MOST_NESTING, type Measure } from "./measure-operation.ts";

export interface QueryLimits {
  /** Deepest nesting of fields. */
  readonly depth: number;
  /**
   * Most cost: one a field, more where `extensions.cost` says so, multiplied by the number of things an argument asks
   * for where `extensions.sizedBy` names one, or that argument is `first`.
   */
  readonly cost: number;
}

/** What of an operation is over the limits, each with the number and the limit, so that an agent can shrink its query. */
export function overLimits({ cost, depth, nesting }: Measure, limits: QueryLimits): GraphQLError[] {
  const faults: GraphQLError[] = [];
  if (nesting > MOST_NESTING) faults.push(nestedTooDeep(nesting));
  if (depth > limits.depth)
    faults.push(tooMuch("depth", depth, limits.depth, "Ask for less nesting, or split the operation."));
  if (cost > limits.cost)
    faults.push(tooMuch("cost", cost, limits.cost, "Ask for fewer fields or smaller pages, or split the operation."));
  return faults;
}

function nestedTooDeep(actual: number): GraphQLError {
  const details = { measure: "nesting", actual, limit: MOST_NESTING };
  return new GraphQLError(
    `The operation is nested too deep: ${actual} selections within each other; the limit is ${MOST_NESTING}.`,
    { extensions: { details, suggestion: "Spread fewer fragments within fragments." } },
  );
}

function tooMuch(measure: string, actual: number, limit: number, suggestion: string): GraphQLError {
  return new GraphQLError(`The operation has a ${measure} of ${actual}; the limit is ${limit}.`, {
    extensions: { details: { measure, actual, limit }, suggestion },
  });
}
