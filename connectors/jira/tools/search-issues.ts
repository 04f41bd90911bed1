/** The tool that finds issues by JQL. */
import { z } from "../../../src/index.ts";
import { apiPath, jira } from "../connector.ts";
import { FieldNames } from "../fields.ts";
import { exampleSummary, IssueAnswer, IssueSummary, summaryFields, summaryOf } from "../issue.ts";

const SearchAnswer = z.object({
  issues: z.array(IssueAnswer).default([]),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
});

export const searchIssues = jira.tool({
  name: "search_issues",
  title: "Search issues",
  summary: "Find issues with JQL, page by page: key, summary, status, assignee and more of each.",
  useWhen: "You look for issues by project, status, assignee, text or dates and do not know their keys.",
  insteadUse: { "read one issue in full": "get_issue_details", "read issues whose keys you know": "get_issues" },
  effect: "read",
  input: z.object({
    jql: z
      .string()
      .min(1)
      .max(10_000)
      .describe(
        "JQL with at least one restriction, for example project = ABC AND status != Done ORDER BY updated DESC.",
      ),
    fields: FieldNames.optional(),
    limit: z.int().min(1).max(100).default(25).describe("Most issues of one page; Jira may send fewer."),
    page_token: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .describe("next_page_token of the page before; valid for 7 days."),
  }),
  output: z.object({
    issues: z.array(IssueSummary),
    next_page_token: z.string().nullable().describe("Send it as page_token, with the same jql, to get the next page."),
    is_last: z.boolean(),
  }),
  examples: [
    {
      title: "What is open and assigned to me",
      input: { jql: "assignee = currentUser() AND resolution IS EMPTY ORDER BY updated DESC", limit: 1 },
      output: {
        issues: [exampleSummary],
        next_page_token: "CAEaAggB",
        is_last: false,
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const further = input.fields ?? [];
    const answer = await http.post(apiPath(config, "/search/jql"), {
      json: {
        jql: input.jql,
        maxResults: input.limit,
        fields: summaryFields(further),
        ...(input.page_token !== undefined && { nextPageToken: input.page_token }),
      },
    });
    const { issues, nextPageToken, isLast } = answer.as(SearchAnswer);
    const next = nextPageToken ?? null;
    return {
      issues: issues.map((issue) => summaryOf(issue, config, further)),
      next_page_token: isLast === true ? null : next,
      is_last: isLast ?? next === null,
    };
  },
});
