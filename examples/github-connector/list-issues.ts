/** The tool that lists issues. */
import { z } from "../../src/index.ts";
import { github } from "./connector.ts";
import { Repository, repositoryPath } from "./repository.ts";

const Answer = z.array(
  z.object({
    number: z.number(),
    title: z.string(),
    state: z.string(),
    html_url: z.string(),
    pull_request: z.unknown().optional(),
  }),
);

export const listIssues = github.tool({
  name: "list_issues",
  summary: "List the issues of a GitHub repository, newest first.",
  useWhen: "You want to know what is open, or whether an issue exists already.",
  insteadUse: { "open a new issue": "create_issue" },
  effect: "read",
  input: z.object({
    repository: Repository,
    state: z.enum(["open", "closed", "all"]).default("open"),
    limit: z.int().min(1).max(100).default(20).describe("Most issues returned."),
  }),
  output: z.object({
    issues: z.array(z.object({ number: z.number(), title: z.string(), state: z.string(), url: z.string() })),
  }),
  examples: [
    {
      title: "One open issue",
      input: { repository: "octocat/hello", limit: 1 },
      output: {
        issues: [
          { number: 1347, title: "Found a bug", state: "open", url: "https://github.com/octocat/hello/issues/1347" },
        ],
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const answer = await http.get(`${repositoryPath(input.repository, config)}/issues`, {
      query: { state: input.state, per_page: input.limit },
    });
    // GitHub lists pull requests among the issues.
    const issues = answer.as(Answer).filter((issue) => issue.pull_request === undefined);
    return { issues: issues.map(({ number, title, state, html_url }) => ({ number, title, state, url: html_url })) };
  },
});
