/** The tool that reads many issues by their keys at once. */
import { CatalogueError, z } from "../../../src/index.ts";
import { bulkFetch, MAX_BULK_ISSUES } from "../bulk-fetch.ts";
import { jira } from "../connector.ts";
import { FieldNames, IssueKey } from "../fields.ts";
import { exampleSummary, IssueSummary, summaryFields, summaryOf } from "../issue.ts";

export const getIssues = jira.tool({
  name: "get_issues",
  title: "Get issues",
  summary: "Read up to 100 issues by key in one request; keys that cannot be read are reported one by one.",
  useWhen: "You know the keys of several issues and want an overview of them.",
  insteadUse: { "read one issue in full": "get_issue_details", "find issues": "search_issues" },
  effect: "read",
  input: z.object({
    issue_keys: z.array(IssueKey).min(1).max(MAX_BULK_ISSUES),
    fields: FieldNames.optional(),
  }),
  output: z.object({
    issues: z.array(IssueSummary).describe("In the order of issue_keys, without those that failed."),
    errors: z.array(z.object({ issue_key: z.string(), code: z.string(), message: z.string() })),
  }),
  examples: [
    {
      title: "Two issues, one of which does not exist",
      input: { issue_keys: ["DAWS-7", "DAWS-9999"], fields: ["duedate"] },
      output: {
        issues: [{ ...exampleSummary, fields: { duedate: "2026-12-01" } }],
        errors: [
          {
            issue_key: "DAWS-9999",
            code: "MCP_CLIENT_ERROR",
            message: "There is no issue DAWS-9999, or the account of this server may not see it.",
          },
        ],
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const further = input.fields ?? [];
    const keys = [...new Set(input.issue_keys)];
    const answers = await bulkFetch(http, config, keys, { fields: summaryFields(further) });
    return {
      issues: answers.flatMap((answer) =>
        answer instanceof CatalogueError ? [] : [summaryOf(answer, config, further)],
      ),
      errors: answers.flatMap((answer, index) =>
        answer instanceof CatalogueError
          ? [{ issue_key: keys[index]!, code: answer.code, message: answer.message }]
          : [],
      ),
    };
  },
});
