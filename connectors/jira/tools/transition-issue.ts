/** The tool that moves an issue through its workflow. */
import { z } from "../../../src/index.ts";
import { apiPath, issueUrl, jira } from "../connector.ts";
import { FieldValues, IssueKey, Markdown } from "../fields.ts";
import { richFields, richText } from "../rich-text.ts";
import { findTransition } from "../transition.ts";

export const transitionIssue = jira.tool({
  name: "transition_issue",
  title: "Transition issue",
  summary: "Move an issue to another status, by the id or the name of a transition or the name of the status.",
  useWhen: "Work on an issue starts, stops or is done.",
  insteadUse: { "see which transitions are possible": "get_issue_details" },
  effect: "destructive",
  input: z.object({
    issue_key: IssueKey,
    transition: z
      .string()
      .min(1)
      .max(255)
      .describe("Id, name, or name of the status it leads to: 31, Close issue, Done."),
    comment: Markdown.optional().describe("Comment to add with the move, in Markdown."),
    fields: FieldValues.optional().describe(
      'Fields of the transition\'s screen, for example {"resolution": {"name": "Done"}}; formatted text as {"markdown": "…"}.',
    ),
  }),
  output: z.object({
    issue_key: z.string(),
    transition_id: z.string(),
    transition: z.string(),
    status: z.string().nullable().describe("The status the issue has now."),
    issue_url: z.string(),
  }),
  examples: [
    {
      title: "Close an issue, saying why",
      input: {
        issue_key: "DAWS-7",
        transition: "done",
        comment: "Fixed in **1.4**.",
        fields: { resolution: { name: "Done" } },
      },
      output: {
        issue_key: "DAWS-7",
        transition_id: "31",
        transition: "Close issue",
        status: "Done",
        issue_url: "https://example.atlassian.net/browse/DAWS-7",
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const { id, name, to_status } = await findTransition(http, config, input.issue_key, input.transition);
    const { comment } = input;
    await http.post(apiPath(config, `/issue/${input.issue_key}/transitions`), {
      json: {
        transition: { id },
        ...(input.fields && { fields: richFields(config, input.fields) }),
        ...(comment !== undefined &&
          comment.trim() !== "" && { update: { comment: [{ add: { body: richText(config, comment) } }] } }),
      },
    });
    return {
      issue_key: input.issue_key,
      transition_id: id,
      transition: name,
      status: to_status,
      issue_url: issueUrl(config, input.issue_key),
    };
  },
});
