/** Pieces of a line of Markdown while it is read, and the marks that turn out to cover them. */
import type { AdfMark, AdfNode } from "./adf-node.ts";

export type InlinePiece =
  | { readonly kind: "text"; text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "node"; readonly node: AdfNode }
  /** A run of `*`, `_` or `~`; what no pair used up stays as text. */
  | Delimiter;

export interface Delimiter {
  readonly kind: "delimiter";
  readonly character: string;
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  readonly index: number;
  remaining: number;
}

/** A mark on the pieces from `from` up to but not including `to`. */
export interface MarkedRange {
  readonly from: number;
  readonly to: number;
  readonly mark: AdfMark;
}
