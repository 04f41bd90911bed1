/** Inputs that several Jira tools share, each checked so that it cannot change the address of a request. */
import { z } from "../../src/index.ts";

/** Jira's own limit on text fields, characters. */
const MAX_TEXT = 32_767;

export const IssueKey = z
  .string()
  .max(255)
  .regex(/^(?:[A-Za-z][A-Za-z0-9_]*-[0-9]+|[0-9]+)$/, "must be an issue key such as ABC-123, or a numeric issue id")
  .describe("Issue key such as ABC-123, or the numeric id.");

export const ProjectKey = z
  .string()
  .max(255)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "must be a project key such as ABC")
  .describe("Project key such as ABC, the first part of its issue keys.");

export const Markdown = z
  .string()
  .max(MAX_TEXT)
  .describe("Markdown: headings, lists, tasks, tables, code, links; [~accountid:ID] mentions a user.");

export const FieldNames = z
  .array(z.string().min(1).max(255))
  .max(50)
  .describe("Further Jira fields to return with each issue, by id or key, for example customfield_10016 or duedate.");

export const FieldValues = z
  .record(z.string(), z.unknown())
  .describe('Further fields by id, in Jira\'s own form; formatted text as {"markdown": "…"}.');
