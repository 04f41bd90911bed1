/** Spreads one schema over the kinds of value it allows: `type` lists, `enum`, `anyOf` and `oneOf` become members. */
import { canonicalPlace, gatherFacts, isConstraintOnly, type SchemaFacts } from "./schema-facts.ts";
import type { Place, SchemaDocument } from "./schema-document.ts";

type MemberKind = "null" | "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";

/** One kind of value that a schema allows. */
export interface Member {
  readonly kind: MemberKind;
  readonly facts: SchemaFacts;
  /** The only values allowed, all of this kind. */
  readonly values?: readonly unknown[];
  /** Why `any` is any. */
  readonly reason?: string;
}

const kinds: ReadonlySet<string> = new Set(["null", "string", "integer", "number", "boolean", "object", "array"]);
const mostMembers = 1000;

/** The members of a place; `seen` ends circles, since an alternative that leads back to itself allows nothing new. */
export function membersOf(document: SchemaDocument, at: Place, seen: Set<string> = new Set()): Member[] {
  const place = canonicalPlace(document, at);
  if (seen.has(place.pointer)) return [];
  seen.add(place.pointer);
  const facts = gatherFacts(document, at);
  if (facts.never) return [];
  if (facts.problem !== undefined) return [any(facts, facts.problem)];
  if (seen.size > mostMembers) return [any(facts, "has too many alternatives")];
  const unions = facts.unions.filter((branches) => !branches.every(isConstraintOnly));
  if (unions.length === 0 || facts.values) return split(facts);
  if (facts.properties.size > 0) return split(withBranches(document, facts, unions, seen));
  if (unions.length > 1) return [any(facts, "combines several unions")];
  const types = facts.types;
  const members = (unions[0] ?? []).flatMap((branch) => membersOf(document, branch, seen));
  const allowed = types ? members.flatMap((member) => restrict(member, types)) : members;
  for (const { kind, facts: own } of allowed)
    if (kind === "object") for (const name of facts.required) own.required.add(name);
  return allowed;
}

/** Properties that only some alternatives have become optional ones of the whole: every valid value still fits. */
function withBranches(
  document: SchemaDocument,
  facts: SchemaFacts,
  unions: readonly Place[][],
  seen: Set<string>,
): SchemaFacts {
  for (const branch of unions.flat()) {
    for (const member of membersOf(document, branch, seen)) {
      if (member.kind !== "object") continue;
      facts.open ||= member.facts.open;
      for (const [name, places] of member.facts.properties) {
        facts.properties.set(name, [...(facts.properties.get(name) ?? []), ...places]);
      }
    }
  }
  return facts;
}

/** What is left of an alternative when the schema around it names the types allowed. */
function restrict(member: Member, types: ReadonlySet<string>): Member[] {
  if (types.has(member.kind) || (member.kind === "integer" && types.has("number"))) return [member];
  if (member.kind === "number" && types.has("integer")) return [{ ...member, kind: "integer" }];
  return member.kind === "any" ? [member] : [];
}

function split(facts: SchemaFacts): Member[] {
  const types = facts.types ?? inferred(facts);
  if (facts.values && facts.values.length > 0) return splitValues(facts, facts.values, types);
  if (!types) {
    if (facts.values) return [{ kind: "string", facts, values: [] }];
    return [any(facts, "has no type")];
  }
  const unknown = [...types].find((type) => !kinds.has(type));
  if (unknown !== undefined) return [any(facts, `has the unknown type '${unknown.slice(0, 40)}'`)];
  return [...types].map((type) => ({
    kind: type as MemberKind,
    facts,
    ...(facts.values && type === "string" && { values: facts.values }),
  }));
}

/** Schemas often leave `type` out where keywords tell it. */
function inferred(facts: SchemaFacts): Set<string> | undefined {
  if (facts.objectLike) return new Set(["object"]);
  if (facts.arrayLike) return new Set(["array"]);
  return undefined;
}

function splitValues(facts: SchemaFacts, values: readonly unknown[], types: ReadonlySet<string> | undefined): Member[] {
  const groups = new Map<MemberKind, unknown[]>();
  for (const value of values) {
    const kind = kindOf(value);
    if (kind === "object" || kind === "array") return [any(facts, "lists values that are objects or arrays")];
    if (types && !types.has(kind) && !(kind === "integer" && types.has("number"))) continue;
    const group = groups.get(kind);
    if (group) group.push(value);
    else groups.set(kind, [value]);
  }
  if (groups.size === 0) return [any(facts, "lists values of another type than its own")];
  return [...groups].map(([kind, group]) => ({ kind, facts, values: group }));
}

function kindOf(value: unknown): MemberKind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "string" || typeof value === "boolean" ? (typeof value as "string" | "boolean") : "object";
}

function any(facts: SchemaFacts, reason: string): Member {
  return { kind: "any", facts, reason };
}
