/** The tool that opens an issue. */
import { z } from "../../src/index.ts";
import { github } from "./connector.ts";
import { Repository, repositoryPath } from "./repository.ts";

const Answer = z.object({ number: z.number(), html_url: z.string() });

export const createIssue = github.tool({
  name: "create_issue",
  summary: "Open an issue in a GitHub repository.",
  useWhen: "Something new has to be tracked. List first: creating twice makes two issues.",
  insteadUse: { "see what exists": "list_issues" },
  effect: "write",
  input: z.object({
    repository: Repository,
    title: z.string().min(1).max(256),
    body: z.string().max(65_536).optional().describe("Markdown."),
  }),
  output: z.object({ number: z.number(), url: z.string() }),
  examples: [
    {
      input: { repository: "octocat/hello", title: "Found a bug", body: "It **breaks** on start." },
      output: { number: 1347, url: "https://github.com/octocat/hello/issues/1347" },
    },
  ],
  run: async ({ input, http, config }) => {
    const { repository, ...issue } = input;
    const answer = await http.post(`${repositoryPath(repository, config)}/issues`, { json: issue });
    const { number, html_url } = answer.as(Answer);
    return { number, url: html_url };
  },
});
