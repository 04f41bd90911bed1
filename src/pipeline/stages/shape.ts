/** Stage: applies the caller's `select` to the output and holds it to the size limit, before anything reaches an agent. */
import { compile, TreeInterpreter, type JSONValue } from "@jmespath-community/jmespath";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { Stage } from "../execution.ts";

/** Longest `select`, characters; longer ones are refused before anything runs. */
const MAX_SELECT_LENGTH = 2_000;
/** Largest result, characters of JSON. */
export const MAX_RESULT_LENGTH = 1024 * 1024;

type Expression = ReturnType<typeof compile>;

/** `VALIDATION_ERROR` for a bad expression (nothing runs then), `DATA_TRANSFORMATION_ERROR` for a result over the limit. */
export const shape: Stage = (next) => async (execution) => {
  const { select } = execution.call;
  const expression = select === undefined || select === "" ? undefined : parse(select);
  let output: unknown = (await next(execution)) ?? null;
  if (expression) output = apply(expression, output);
  execution.outputJson = JSON.stringify(output);
  if (execution.outputJson.length > MAX_RESULT_LENGTH) throw tooLarge(execution.outputJson.length);
  return output;
};

function parse(select: string): Expression {
  if (select.length > MAX_SELECT_LENGTH) {
    throw selectError(`select is over ${MAX_SELECT_LENGTH} characters`);
  }
  try {
    return compile(select);
  } catch (error) {
    throw selectError(error instanceof Error ? error.message : "not a JMESPath expression");
  }
}

function apply(expression: Expression, output: unknown): unknown {
  try {
    return TreeInterpreter.search(expression, output as JSONValue) ?? null;
  } catch (error) {
    throw selectError(error instanceof Error ? error.message : "it cannot be applied to this output");
  }
}

function selectError(problem: string): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", `select is not a usable JMESPath expression: ${problem.slice(0, 300)}.`, {
    details: [{ path: "select", problem: problem.slice(0, 300), expected: "a JMESPath expression" }],
    suggestion: "Correct select, for example 'issues[].{key: key, status: status}', or leave it out.",
  });
}

function tooLarge(length: number): CatalogueError {
  return new CatalogueError("DATA_TRANSFORMATION_ERROR", `The result has ${length} characters; the limit is ${MAX_RESULT_LENGTH}.`, {
    details: { result_characters: length, limit: MAX_RESULT_LENGTH },
    acted: "yes",
    suggestion: "Ask for less: a smaller page, fewer fields, or a select expression that keeps what you need.",
  });
}
