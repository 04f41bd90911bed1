/** The error for a `select` that cannot be used. */
import { CatalogueError, type CatalogueErrorOptions } from "../errors/catalogue-error.ts";

/** `VALIDATION_ERROR`. */
export function selectError(problem: string, options: CatalogueErrorOptions = {}): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", `select is not a usable JMESPath expression: ${problem}.`, {
    details: [{ path: "select", problem, expected: "a JMESPath expression" }],
    suggestion: "Correct select, for example 'issues[].{key: key, status: status}', or leave it out.",
    ...options,
  });
}
