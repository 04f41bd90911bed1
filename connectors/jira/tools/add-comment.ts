/** The tool that comments on an issue. */
import { z } from "../../../src/index.ts";
import { apiPath, issueUrl, jira } from "../connector.ts";
import { IssueKey, Markdown } from "../fields.ts";
import { richText } from "../rich-text.ts";

const CommentAnswer = z.object({ id: z.string(), created: z.string().nullish() });

export const addComment = jira.tool({
  name: "add_comment",
  title: "Add comment",
  summary: "Add a comment, written in Markdown, to an issue.",
  useWhen: "You report progress or answer on an issue.",
  insteadUse: { "change the status with a comment": "transition_issue", "read comments": "get_issue_details" },
  effect: "write",
  input: z.object({
    issue_key: IssueKey,
    body: Markdown.regex(/\S/, "must not be empty"),
    visibility: z
      .object({ type: z.enum(["group", "role"]), value: z.string().min(1).max(255) })
      .optional()
      .describe("Who may see it: the members of a group or of a project role; everybody when absent."),
  }),
  output: z.object({
    comment_id: z.string(),
    comment_url: z.string(),
    issue_key: z.string(),
    created: z.string().nullable(),
  }),
  examples: [
    {
      title: "A comment that mentions a user",
      input: { issue_key: "DAWS-7", body: "[~accountid:5b10a2844c20165700ede21g] fixed in `main`." },
      output: {
        comment_id: "10100",
        comment_url: "https://example.atlassian.net/browse/DAWS-7?focusedCommentId=10100",
        issue_key: "DAWS-7",
        created: "2026-11-20T10:00:00.000+0000",
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const answer = await http.post(apiPath(config, `/issue/${input.issue_key}/comment`), {
      json: { body: richText(config, input.body), ...(input.visibility && { visibility: input.visibility }) },
    });
    const { id, created } = answer.as(CommentAnswer);
    return {
      comment_id: id,
      comment_url: `${issueUrl(config, input.issue_key)}?focusedCommentId=${encodeURIComponent(id)}`,
      issue_key: input.issue_key,
      created: created ?? null,
    };
  },
});
