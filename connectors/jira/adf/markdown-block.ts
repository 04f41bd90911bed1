/** The block structure of a Markdown text, with the inline parts still as text. */

export type MarkdownBlock =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly children: readonly MarkdownBlock[] }
  | MarkdownList
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "rule" };

export interface MarkdownList {
  readonly kind: "list";
  /** First number of an ordered list; absent for bullets. */
  readonly start?: number;
  readonly items: readonly MarkdownListItem[];
}

export interface MarkdownListItem {
  /** State of a task (`- [x] …`); absent for other items. */
  readonly isDone?: boolean;
  readonly children: readonly MarkdownBlock[];
}

/** What a block rule found: the block, and the index of the line after it. */
export type Found = { readonly block: MarkdownBlock; readonly next: number } | undefined;
