/** Hands out the names of one tool's types: prefix, tool and path, each name once. */
import { pascalCase, shortHash } from "./graph-names.ts";

/** The prefix as it is where it can be one: writing it anew could make two prefixes ("AB", "Ab") one. */
export function typePrefix(prefix: string): string {
  return /^[A-Z][0-9A-Za-z]*$/.test(prefix) ? prefix : pascalCase(prefix);
}

/**
 * Names of types are `Prefix_Tool_Path`. Neither part holds an underscore itself, so two tools, two servers, or a tool
 * and a hand-written type can never meet; two paths of one tool that would meet get a suffix from their pointer.
 *
 * @example
 * const names = new TypeNames("Jira", "search_issues");
 * names.of(["issues", "fields"], "/properties/issues/items/properties/fields"); // "Jira_SearchIssues_Issues_Fields"
 */
export class TypeNames {
  readonly root: string;
  readonly #owners = new Map<string, string>();

  constructor(prefix: string, toolName: string, suffix = "") {
    this.root = `${typePrefix(prefix)}_${pascalCase(toolName)}${suffix}`;
  }

  /** The name of the type at a path; the same pointer and kind always get the same name. */
  of(path: readonly string[], pointer: string, kind = ""): string {
    const parts = path.map(pascalCase).join("_").slice(0, 200);
    // The kind is a part of its own where there is no path: `Jira_GetInput` would be the type of a tool `get_input`.
    const end = `${parts}${kind}`;
    const wanted = end ? `${this.root}_${end}` : this.root;
    const owner = `${kind}:${pointer}`;
    let name = wanted;
    for (let salt = 0; (this.#owners.get(name) ?? owner) !== owner; salt++) {
      name = `${wanted}_p${shortHash(owner + "#".repeat(salt))}`;
    }
    this.#owners.set(name, owner);
    return name;
  }
}
