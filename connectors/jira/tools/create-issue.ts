/** The tool that creates an issue. */
import { CatalogueError, z } from "../../../src/index.ts";
import { apiPath, issueUrl, jira } from "../connector.ts";
import { FieldValues, IssueKey, Markdown, ProjectKey } from "../fields.ts";
import { richFields, richText } from "../rich-text.ts";

const CreatedAnswer = z.object({ id: z.string(), key: z.string() });

/** Jira's names of the fields that have an argument of their own. */
const NAMED = new Set(["project", "summary", "issuetype", "description", "assignee", "labels", "priority", "parent"]);

export const createIssue = jira.tool({
  name: "create_issue",
  title: "Create issue",
  summary: "Create an issue: bug, task, story, sub-task or whatever the project offers.",
  useWhen: "Something new has to be tracked. Search first: creating twice makes two issues.",
  insteadUse: { "find out whether it exists already": "search_issues", "add to an existing issue": "add_comment" },
  effect: "write",
  input: z.object({
    project_key: ProjectKey,
    summary: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\r\n]*$/, "must be one line"),
    issue_type: z.string().min(1).max(255).describe("Name or id of the type, for example Task or Bug."),
    description: Markdown.optional(),
    assignee_id: z.string().min(1).max(128).optional().describe("Account id of the assignee."),
    labels: z.array(z.string().max(255).regex(/^\S+$/, "must not contain spaces")).max(100).optional(),
    priority: z.string().min(1).max(255).optional().describe("Name or id, for example High."),
    parent_key: IssueKey.optional().describe("Key of the epic, or of the issue that a sub-task belongs to."),
    fields: FieldValues.optional(),
  }),
  output: z.object({ issue_key: z.string(), issue_url: z.string(), summary: z.string() }),
  examples: [
    {
      title: "A bug with a formatted description and a custom field",
      input: {
        project_key: "DAWS",
        summary: "Login fails",
        issue_type: "Bug",
        description: "Since **Monday**:\n\n1. open the page\n2. log in",
        labels: ["login"],
        fields: { customfield_10016: 3 },
      },
      output: {
        issue_key: "DAWS-7",
        issue_url: "https://example.atlassian.net/browse/DAWS-7",
        summary: "Login fails",
      },
    },
  ],
  run: async ({ input, http, config }) => {
    const further = input.fields ?? {};
    refuseNamed(further);
    const { description } = input;
    const answer = await http.post(apiPath(config, "/issue"), {
      json: {
        fields: {
          ...richFields(config, further),
          project: { key: input.project_key },
          summary: input.summary,
          issuetype: byNameOrId(input.issue_type),
          ...(description !== undefined && description.trim() !== "" && { description: richText(config, description) }),
          ...(input.assignee_id !== undefined && { assignee: { id: input.assignee_id } }),
          ...(input.labels && { labels: input.labels }),
          ...(input.priority !== undefined && { priority: byNameOrId(input.priority) }),
          ...(input.parent_key !== undefined && { parent: byKeyOrId(input.parent_key) }),
        },
      },
    });
    const { key } = answer.as(CreatedAnswer);
    return { issue_key: key, issue_url: issueUrl(config, key), summary: input.summary };
  },
});

/** The same field given twice would silently lose one of its values. */
function refuseNamed(fields: Readonly<Record<string, unknown>>): void {
  const twice = Object.keys(fields).filter((name) => NAMED.has(name));
  if (twice.length === 0) return;
  throw new CatalogueError("VALIDATION_ERROR", `These fields have arguments of their own: ${twice.join(", ")}.`, {
    details: twice.map((name) => ({ path: `fields.${name}`, problem: "has an argument of its own" })),
    acted: "no",
  });
}

function byNameOrId(value: string): { id: string } | { name: string } {
  return /^\d+$/.test(value) ? { id: value } : { name: value };
}

function byKeyOrId(value: string): { id: string } | { key: string } {
  return /^\d+$/.test(value) ? { id: value } : { key: value };
}
