/** Shows whether the names of a document's tools, and of their types, hold when the document is reordered or grows. */
import {
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLOutputType,
} from "graphql";
import { ApiDocument } from "../../connectors/openapi/api-document.ts";
import { operationsOf } from "../../connectors/openapi/operations.ts";
import { readTools } from "../../connectors/openapi/read-tools.ts";
import type { Tool } from "../../src/connector/tool.ts";
import { isObject } from "../../src/is-object.ts";
import { documentGraph } from "./document-graph.ts";

/** What differs between a document and the same one shuffled, or with operations added; nothing when all is well. */
export async function changedNames(root: unknown, random: () => number, most: number): Promise<string[]> {
  const before = toolsByPlace(root);
  const chosen = [...before.keys()].sort().slice(0, most);
  const changes: string[] = [];
  for (const [what, other] of [
    ["reordered", shuffled(root, random)],
    ["grown", grown(root)],
  ] as const) {
    const after = toolsByPlace(other);
    for (const [place, tool] of before) {
      const name = after.get(place)?.name;
      if (name !== tool.name) changes.push(`${what}: ${place} was ${tool.name} and is ${name ?? "gone"}`);
    }
    if (what === "grown") continue;
    const [old, fresh] = await Promise.all(
      [before, after].map((tools) => typeNames(chosen.map((place) => tools.get(place)!))),
    );
    for (const [name, types] of old!) {
      const now = fresh!.get(name) ?? [];
      const lost = types.find((type) => !now.includes(type));
      if (lost !== undefined || now.length !== types.length)
        changes.push(`${what}: type ${lost ?? "names"} of ${name}`);
    }
  }
  return changes;
}

function toolsByPlace(root: unknown): Map<string, Tool> {
  const document = new ApiDocument(root);
  const tools = readTools(document);
  return new Map(operationsOf(document).map(({ method, path }, index) => [`${method} ${path}`, tools[index]!]));
}

/** The names of the field and of every type that a tool brings along. */
async function typeNames(tools: readonly Tool[]): Promise<Map<string, string[]>> {
  const graph = await documentGraph(tools, "Api");
  return new Map(
    graph.tools.map(({ tool, fieldName, translation }) => {
      const names = new Set<string>();
      const waiting: GraphQLNamedType[] = [
        translation.type,
        ...Object.values(translation.args).map(({ type }) => type),
      ].map((type) => getNamedType(type));
      for (const type of waiting) {
        if (names.has(type.name)) continue;
        names.add(type.name);
        if (isUnionType(type)) waiting.push(...type.getTypes());
        if (!isObjectType(type) && !isInputObjectType(type)) continue;
        for (const field of Object.values(type.getFields())) {
          names.add(`${type.name}.${field.name}`);
          waiting.push(getNamedType(field.type as GraphQLOutputType));
        }
      }
      return [tool.name, [fieldName, ...names].sort()];
    }),
  );
}

/** The same document with the members of every object, and the parameters of every operation, in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, random));
  if (!isObject(value)) return value;
  const entries = mixed(Object.entries(value), random).map(([name, member]): [string, unknown] => {
    const inner = shuffled(member, random);
    return [name, name === "parameters" && Array.isArray(inner) ? mixed(inner, random) : inner];
  });
  return Object.fromEntries(entries);
}

function mixed<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The same document with operations more, before and after its own. */
function grown(root: unknown): unknown {
  const paths = isObject(root) && isObject(root.paths) ? root.paths : {};
  const added = { get: { operationId: "addedByThisCheck", responses: {} }, post: { responses: {} } };
  return {
    ...(root as object),
    paths: { "/a-path-added/first": added, ...paths, "/a-path-added/{last}": { put: { responses: {} } } },
  };
}
