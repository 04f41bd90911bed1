/** What zod found wrong, as the catalogue tells it: path, problem, expected. */
import type { z } from "zod";
import type { InputProblem } from "../connector/tool.ts";

export function zodProblems(error: z.ZodError): InputProblem[] {
  return error.issues.flatMap(problemsOf);
}

function problemsOf(issue: z.core.$ZodIssue): InputProblem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], problem: "unknown field" }));
  }
  const expected = expectationOf(issue);
  return [
    {
      path,
      problem: issue.message.replace("expected record", "expected object"),
      ...(expected !== undefined && { expected }),
    },
  ];
}

function expectationOf(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return ownWord(issue.expected);
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "invalid_format":
      // That a pattern was not met says nothing; the message does.
      return issue.format === "regex" ? undefined : issue.format;
    default:
      return undefined;
  }
}

/** JSON has no records. */
function ownWord(type: string): string {
  return type === "record" ? "object" : type;
}
