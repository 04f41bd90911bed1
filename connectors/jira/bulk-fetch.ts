/** Reads many issues by one request and finds which answer belongs to which key. */
import { serverFailure, z, type CatalogueError, type HttpClient } from "../../src/index.ts";
import { apiPath, type JiraConfig } from "./connector.ts";
import { IssueAnswer } from "./issue.ts";

/** Jira's own limit on one request. */
export const MAX_BULK_ISSUES = 100;

const BulkAnswer = z.object({
  issues: z.array(IssueAnswer).default([]),
  issueErrors: z.array(z.object({ id: z.string().optional(), errorMessage: z.string().optional() })).nullish(),
});

/** Jira sends the issues in the order of their ids and leaves out those the account may not see. */
export async function bulkFetch(
  http: HttpClient,
  config: JiraConfig,
  keys: readonly string[],
  ask: { readonly fields: readonly string[]; readonly expand?: readonly string[] },
): Promise<readonly (IssueAnswer | CatalogueError)[]> {
  const answer = await http.post(apiPath(config, "/issue/bulkfetch"), {
    json: {
      issueIdsOrKeys: [...new Set(keys)],
      fields: ask.fields,
      ...(ask.expand && ask.expand.length > 0 && { expand: ask.expand }),
    },
  });
  const { issues, issueErrors } = answer.as(BulkAnswer);
  const found = new Map(
    issues.flatMap((issue) => [[issue.key.toUpperCase(), issue] as const, [issue.id, issue] as const]),
  );
  const failed = new Map((issueErrors ?? []).map((error) => [error.id?.toUpperCase(), error.errorMessage]));
  return keys.map((key) => found.get(key.toUpperCase()) ?? failureOf(key, failed));
}

function failureOf(key: string, failed: ReadonlyMap<string | undefined, string | undefined>): CatalogueError {
  const reason = failed.get(key.toUpperCase());
  // Failed issues are named by id: with any of them in the answer, a key that is missing may be one of them.
  if (failed.size > 0) {
    return serverFailure(
      {
        kind: "server",
        message: `Jira could not load issue ${key}${reason === undefined ? "." : `: ${reason}`}`,
        suggestion: "Ask again, for this issue alone.",
        acted: "no",
      },
      { status: 200 },
    );
  }
  return serverFailure(
    {
      kind: "not_found",
      message: `There is no issue ${key}, or the account of this server may not see it.`,
      suggestion:
        "Check the key with search_issues. If the issue was moved, get_issue_details finds it by its old key.",
    },
    { status: 200 },
  );
}
