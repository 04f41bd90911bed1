/** An issue as Jira answers with it, and the short form that agents get in lists. */
import { z } from "../../src/index.ts";
import { issueUrl, type JiraConfig } from "./connector.ts";
import { readableField } from "./rich-text.ts";

/** Apps and imports leave odd values in fields: one that does not fit reads as null and never costs the whole issue. */
export function lenient<S extends z.ZodType>(schema: S): z.ZodCatch<z.ZodNullable<S>> {
  return schema.nullable().catch(null as z.output<z.ZodNullable<S>>);
}

export const Named = lenient(z.object({ name: z.string() }));
export const Text = lenient(z.string());

export const IssueAnswer = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.record(z.string(), z.unknown()).optional(),
  transitions: z.unknown().optional(),
  changelog: z.unknown().optional(),
});
export type IssueAnswer = z.output<typeof IssueAnswer>;

const User = z.object({ accountId: z.string(), displayName: z.string().optional() });

export const Person = z
  .object({ account_id: z.string(), display_name: z.string().nullable() })
  .nullable()
  .describe("A user; account_id is what assignee_id and mentions take.");

export function personOf(value: unknown): z.output<typeof Person> {
  const user = User.safeParse(value).data;
  return user ? { account_id: user.accountId, display_name: user.displayName ?? null } : null;
}

export const IssueSummary = z.object({
  key: z.string(),
  summary: z.string().nullable(),
  status: z.string().nullable(),
  issue_type: z.string().nullable(),
  priority: z.string().nullable(),
  assignee: z.string().nullable().describe("Display name."),
  labels: z.array(z.string()),
  updated: z.string().nullable(),
  url: z.string().describe("Address of the issue in the browser."),
  fields: z.record(z.string(), z.unknown()).optional().describe("The further fields that were asked for."),
});

/** The issue of the tools' examples. */
export const exampleSummary: z.output<typeof IssueSummary> = {
  key: "DAWS-7",
  summary: "Login fails",
  status: "In Progress",
  issue_type: "Bug",
  priority: "High",
  assignee: "Mia Krystof",
  labels: ["login"],
  updated: "2026-11-20T10:00:00.000+0000",
  url: "https://example.atlassian.net/browse/DAWS-7",
};

const SUMMARY_FIELDS = ["summary", "status", "issuetype", "priority", "assignee", "labels", "updated"] as const;

const SummaryFields = z.object({
  summary: Text,
  status: Named,
  issuetype: Named,
  priority: Named,
  assignee: lenient(User),
  labels: lenient(z.array(z.string())),
  updated: Text,
});

/** What has to be asked for to fill an `IssueSummary`; without it Jira sends ids only. */
export function summaryFields(furtherFields: readonly string[]): readonly string[] {
  return [...new Set([...SUMMARY_FIELDS, ...furtherFields])];
}

/** @param furtherFields names a caller asked for besides the usual ones. */
export function summaryOf(
  issue: IssueAnswer,
  config: JiraConfig,
  furtherFields: readonly string[] = [],
): z.output<typeof IssueSummary> {
  const fields = SummaryFields.parse({ ...EMPTY_SUMMARY, ...issue.fields });
  const further = Object.entries(issue.fields ?? {}).filter(([name]) => !isUsual(name));
  return {
    key: issue.key,
    summary: fields.summary,
    status: fields.status?.name ?? null,
    issue_type: fields.issuetype?.name ?? null,
    priority: fields.priority?.name ?? null,
    assignee: fields.assignee?.displayName ?? null,
    labels: fields.labels ?? [],
    updated: fields.updated,
    url: issueUrl(config, issue.key),
    ...(furtherFields.length > 0 && {
      fields: Object.fromEntries(further.map(([name, value]) => [name, readableField(value)])),
    }),
  };
}

const EMPTY_SUMMARY = Object.fromEntries(SUMMARY_FIELDS.map((name) => [name, null]));

function isUsual(name: string): boolean {
  return (SUMMARY_FIELDS as readonly string[]).includes(name);
}
