/** The page of error codes, from the error catalogue. */
import { catalogue, type CatalogueEntry } from "../../src/errors/catalogue.ts";
import { NOTICE } from "./notice.ts";

const RETRY = {
  no: "no",
  yes: "yes, after the given time",
  "if-safe": "reads: yes; writes: only when nothing was done",
} as const satisfies Record<CatalogueEntry["retryable"], string>;

export function errorsPage(): string {
  const entries: [string, CatalogueEntry][] = Object.entries(catalogue);
  return [
    "# Errors",
    "",
    NOTICE,
    "",
    "Every failure has one of these codes, whichever door the call came through. REST shows it as `error.code`, a typed",
    "GraphQL field as `errors[].extensions.code`, `executeTool` as `error.code`. Codes are stable; messages are not.",
    "",
    "`retryable` in an answer is exact for that failure: act on it, not on the table. `suggestion` says what to do next.",
    "",
    "| code | HTTP | retryable | raised when |",
    "|---|---|---|---|",
    ...entries.map(
      ([code, { status, retryable, raisedWhen }]) =>
        `| [\`${code}\`](#${code.toLowerCase()}) | ${status} | ${RETRY[retryable]} | ${raisedWhen} |`,
    ),
    "",
    "An error may carry a more exact status than its code's: a time-out answers 504, `MCP_CLIENT_ERROR` takes the server's",
    "own 4xx.",
    "",
    ...entries.flatMap(([code, entry]) => [
      `## ${code}`,
      "",
      `${entry.type}, HTTP ${entry.status}. ${entry.raisedWhen}`,
      "",
      `What to do: ${entry.suggestion}`,
      "",
    ]),
  ].join("\n");
}
