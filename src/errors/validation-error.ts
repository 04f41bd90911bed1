/** Builds the `VALIDATION_ERROR` that lists every fault found, in the form all doors show. */
import { CatalogueError } from "./catalogue-error.ts";

export interface Problem {
  readonly path: readonly (string | number)[] | string;
  readonly problem: string;
  readonly expected?: string;
}

/** The faults as `details` of an error show them: each path as one text, such as `fields.0`. */
export function problemDetails(problems: readonly Problem[]): { path: string; problem: string; expected?: string }[] {
  return problems.map(({ path, problem, expected }) => ({
    path: typeof path === "string" ? path : path.join("."),
    problem,
    ...(expected !== undefined && { expected }),
  }));
}

/** `subject` begins the message, for example `The input of create_issue`. */
export function validationError(subject: string, problems: readonly Problem[], suggestion?: string): CatalogueError {
  const details = problemDetails(problems);
  const first = details.slice(0, 3).map((each) => (each.path === "" ? each.problem : `${each.path}: ${each.problem}`));
  const more = details.length > 3 ? ` (and ${details.length - 3} more)` : "";
  return new CatalogueError("VALIDATION_ERROR", `${subject} is not valid: ${first.join("; ")}${more}.`, {
    details: details.slice(0, 50),
    acted: "no",
    ...(suggestion !== undefined && { suggestion }),
  });
}
