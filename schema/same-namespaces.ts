/** Decides whether two views have the same graph, so that a reload keeps what is known of their operations. */
import type { Tool } from "../src/connector/tool.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { NamespaceName } from "./namespace-names.ts";

/** All that a namespace's part of the graph is made of. */
export interface NamespaceFacts {
  readonly name: NamespaceName;
  readonly servers: readonly ServerEntry[];
  /** The visible tools of each server. */
  readonly tools: readonly (readonly Tool[])[];
  readonly isType: boolean;
}

/** Compares what is shown, by identity: a server that was listed again counts as changed. */
export function sameNamespaces(before: readonly NamespaceFacts[], after: readonly NamespaceFacts[]): boolean {
  return sameList(
    before,
    after,
    (a, b) =>
      a.isType === b.isType &&
      a.name.field === b.name.field &&
      a.name.prefix === b.name.prefix &&
      sameList(a.servers, b.servers, sameServer) &&
      sameList(a.tools, b.tools, (left, right) => left === right || sameList(left, right, sameTool)),
  );
}

function sameServer(a: ServerEntry, b: ServerEntry): boolean {
  return a.id === b.id && a.name === b.name && a.runtime.connector === b.runtime.connector;
}

function sameTool(a: Tool, b: Tool): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.effect === b.effect &&
      a.description === b.description &&
      a.inputSchema === b.inputSchema &&
      a.outputSchema === b.outputSchema &&
      a.examples === b.examples)
  );
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((each, index) => same(each, b[index]!));
}
