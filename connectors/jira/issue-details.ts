/** The full form of an issue: what `get_issue_details` answers with. */
import { z } from "../../src/index.ts";
import { adfToMarkdown } from "./adf/adf-to-markdown.ts";
import { issueUrl, type JiraConfig } from "./connector.ts";
import { Named, Person, Text, lenient, personOf, type IssueAnswer } from "./issue.ts";
import { INCLUDED, IncludedParts, type IncludedPart, type IncludedValues } from "./issue-parts.ts";

export const IssueDetails = z.object({
  key: z.string(),
  id: z.string(),
  url: z.string().describe("Address of the issue in the browser."),
  summary: z.string().nullable(),
  description: z.string().describe("Markdown; empty when there is none."),
  status: z.string().nullable(),
  status_category: z.string().nullable().describe("To Do, In Progress or Done, in the site's language."),
  resolution: z.string().nullable(),
  issue_type: z.string().nullable(),
  priority: z.string().nullable(),
  project_key: z.string().nullable(),
  parent_key: z.string().nullable(),
  assignee: Person,
  reporter: Person,
  labels: z.array(z.string()),
  components: z.array(z.string()),
  fix_versions: z.array(z.string()),
  created: z.string().nullable(),
  updated: z.string().nullable(),
  due_date: z.string().nullable(),
  ...IncludedParts.shape,
});

const BASE_FIELDS =
  "summary description status resolution issuetype priority project parent assignee reporter labels components fixVersions created updated duedate".split(
    " ",
  );

/** What to ask Jira for to fill `IssueDetails` with these parts. */
export function askFor(include: readonly IncludedPart[]): { fields: string[]; expand: string[] } {
  const wanted = [...new Set(include)].map((part) => INCLUDED[part]);
  return {
    fields: [...BASE_FIELDS, ...wanted.flatMap(({ field }) => field ?? [])],
    expand: wanted.flatMap(({ expand }) => expand ?? []),
  };
}

const Keyed = lenient(z.object({ key: z.string() }));
const Names = lenient(z.array(z.object({ name: z.string() })));

const Fields = z
  .object({
    summary: Text,
    status: lenient(z.object({ name: z.string(), statusCategory: Named })),
    resolution: Named,
    issuetype: Named,
    priority: Named,
    project: Keyed,
    parent: Keyed,
    labels: lenient(z.array(z.string())),
    components: Names,
    fixVersions: Names,
    created: Text,
    updated: Text,
    duedate: Text,
  })
  .partial();

export function detailsOf(
  issue: IssueAnswer,
  config: JiraConfig,
  include: readonly IncludedPart[],
): z.input<typeof IssueDetails> {
  const raw = issue.fields ?? {};
  const fields = Fields.parse(raw);
  const names = (list: z.output<typeof Names> | undefined) => (list ?? []).map(({ name }) => name);
  const parts: IncludedValues = {};
  for (const part of include) Object.assign(parts, INCLUDED[part].read(issue));
  return {
    key: issue.key,
    id: issue.id,
    url: issueUrl(config, issue.key),
    summary: fields.summary ?? null,
    description: adfToMarkdown(raw.description),
    status: fields.status?.name ?? null,
    status_category: fields.status?.statusCategory?.name ?? null,
    resolution: fields.resolution?.name ?? null,
    issue_type: fields.issuetype?.name ?? null,
    priority: fields.priority?.name ?? null,
    project_key: fields.project?.key ?? null,
    parent_key: fields.parent?.key ?? null,
    assignee: personOf(raw.assignee),
    reporter: personOf(raw.reporter),
    labels: fields.labels ?? [],
    components: names(fields.components),
    fix_versions: names(fields.fixVersions),
    created: fields.created ?? null,
    updated: fields.updated ?? null,
    due_date: fields.duedate ?? null,
    ...parts,
  };
}
