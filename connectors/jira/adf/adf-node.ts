/** Atlassian Document Format (ADF) as plain data: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */

export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

export interface AdfNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly AdfMark[];
  readonly content?: readonly AdfNode[];
}

export interface AdfDocument {
  readonly type: "doc";
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

/** Is this value an ADF document, as Jira's version 3 answers with them? */
export function isAdfDocument(value: unknown): value is AdfDocument {
  return typeof value === "object" && value !== null && "type" in value && value.type === "doc" && "content" in value;
}
