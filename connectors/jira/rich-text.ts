/** Formatted text on its way to and from Jira: Markdown for agents, ADF documents (or plain text in version 2) for Jira. */
import { adfToMarkdown } from "./adf/adf-to-markdown.ts";
import { isAdfDocument } from "./adf/adf-node.ts";
import { markdownToAdf } from "./adf/markdown-to-adf.ts";
import type { JiraConfig } from "./connector.ts";

/** What Jira's configured version takes as formatted text. */
export function richText(config: JiraConfig, markdown: string): unknown {
  return String(config.apiVersion) === "2" ? markdown : markdownToAdf(markdown);
}

/** Fields of a caller with each `{"markdown": "…"}` converted. */
export function richFields(config: JiraConfig, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const markdown = markdownIn(value);
      return [name, markdown === undefined ? value : richText(config, markdown)];
    }),
  );
}

function markdownIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return undefined;
  return "markdown" in value && typeof value.markdown === "string" ? value.markdown : undefined;
}

/** Parts of Jira's answers that no agent needs. */
const NOISE = new Set(["self", "avatarUrls", "iconUrl", "avatarId", "expand"]);
const MAX_DEPTH = 8;

/** A field's value for an agent: documents as Markdown, without addresses of icons and of the API. */
export function readableField(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isAdfDocument(value)) return adfToMarkdown(value);
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => readableField(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !NOISE.has(name))
      .map(([name, inner]) => [name, readableField(inner, depth + 1)]),
  );
}
