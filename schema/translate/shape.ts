/** What a JSON Schema amounts to for GraphQL: one of few shapes, with what could not be expressed said in words. */
import type { Place } from "./schema-document.ts";

/** An object type's facts, merged from every schema that applies to it. */
export interface ObjectFacts {
  /** Identifies the type: the pointer of the schema that defines it. */
  readonly pointer: string;
  readonly path: readonly string[];
  readonly description?: string;
  /** Each property with the schemas it may follow: more than one where alternatives were merged. */
  readonly properties: ReadonlyMap<string, readonly Place[]>;
  readonly required: ReadonlySet<string>;
  /** Does the schema expressly allow properties that it does not name? */
  readonly open: boolean;
}

export interface Variant {
  /** The discriminator's value. */
  readonly value: string;
  readonly object: ObjectFacts;
}

export type Shape =
  | { readonly kind: "string"; readonly values?: readonly string[] }
  /** `narrow`: bounds prove that it fits 32 bits. */
  | { readonly kind: "integer"; readonly narrow: boolean; readonly values?: readonly number[] }
  | { readonly kind: "number"; readonly values?: readonly number[] }
  | { readonly kind: "boolean" }
  /** `orOne`: a single value may stand for the list, and need not mean the same as a list of one. */
  | { readonly kind: "list"; readonly pointer: string; readonly item: readonly Place[]; readonly orOne?: true }
  | { readonly kind: "object"; readonly object: ObjectFacts }
  /** Objects told apart by a property with a fixed text; `always` says that each of them requires it. */
  | {
      readonly kind: "union";
      readonly pointer: string;
      readonly path: readonly string[];
      readonly discriminator: string;
      readonly always: boolean;
      readonly variants: readonly Variant[];
    }
  | { readonly kind: "json"; readonly reason: string };

export interface Reading {
  readonly shape: Shape;
  readonly nullable: boolean;
  readonly description?: string;
  /** The schema's `default`, when it has one. */
  readonly default?: unknown;
  /** The schema's `examples`, when it has any. */
  readonly examples?: readonly unknown[];
}
