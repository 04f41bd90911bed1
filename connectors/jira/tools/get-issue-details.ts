/** The tool that reads one issue in full. */
import { CatalogueError, z } from "../../../src/index.ts";
import { bulkFetch, MAX_BULK_ISSUES } from "../bulk-fetch.ts";
import { apiPath, jira } from "../connector.ts";
import { IssueKey } from "../fields.ts";
import { IssueAnswer } from "../issue.ts";
import { IssueDetails, askFor, detailsOf } from "../issue-details.ts";
import { INCLUDABLE } from "../issue-parts.ts";

export const getIssueDetails = jira.tool({
  name: "get_issue_details",
  title: "Get issue details",
  summary:
    "Read one issue in full, its description as Markdown, and on request its comments, links, transitions and more.",
  useWhen: "You know the key of an issue and need more than its summary.",
  insteadUse: { "find issues": "search_issues", "get an overview of many issues": "get_issues" },
  effect: "read",
  input: z.object({
    issue_key: IssueKey,
    include: z
      .array(z.enum(INCLUDABLE))
      .max(INCLUDABLE.length)
      .default([])
      .describe("Parts to read besides the issue's own fields."),
  }),
  output: IssueDetails,
  examples: [
    {
      title: "An issue with its comments",
      input: { issue_key: "DAWS-7", include: ["comments"] },
      output: {
        key: "DAWS-7",
        id: "10007",
        url: "https://example.atlassian.net/browse/DAWS-7",
        summary: "Login fails",
        description: "Since **Monday**:\n\n1. open the page\n2. log in",
        status: "In Progress",
        status_category: "In Progress",
        resolution: null,
        issue_type: "Bug",
        priority: "High",
        project_key: "DAWS",
        parent_key: null,
        assignee: { account_id: "5b10a2844c20165700ede21g", display_name: "Mia Krystof" },
        reporter: null,
        labels: ["login"],
        components: [],
        fix_versions: [],
        created: "2026-11-16T09:00:00.000+0000",
        updated: "2026-11-20T10:00:00.000+0000",
        due_date: null,
        comments: [
          {
            id: "10100",
            author: { account_id: "5b10a2844c20165700ede21g", display_name: "Mia Krystof" },
            created: "2026-11-20T10:00:00.000+0000",
            body: "Seen it too.",
          },
        ],
        comments_total: 1,
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const { fields, expand } = askFor(input.include);
    const answer = await http.get(apiPath(config, `/issue/${input.issue_key}`), {
      query: { fields: fields.join(","), expand: expand.length > 0 ? expand.join(",") : undefined },
    });
    return detailsOf(answer.as(IssueAnswer), config, input.include);
  },
  batch: {
    maxSize: MAX_BULK_ISSUES,
    run: async ({ inputs, http, config }) => {
      const keys = inputs.map((input) => input.issue_key);
      const ask = askFor(inputs.flatMap((input) => input.include));
      const answers = await bulkFetch(http, config, keys, ask);
      return answers.map((answer, index) =>
        answer instanceof CatalogueError ? answer : detailsOf(answer, config, inputs[index]!.include),
      );
    },
  },
});
