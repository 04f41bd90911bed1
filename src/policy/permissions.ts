/** What one set of permissions allows: callers with the same permissions share one object. */
import { LRUCache } from "lru-cache";
import type { InputProblem } from "../connector/tool.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { problemDetails } from "../errors/validation-error.ts";
import type { CompiledRule, PolicyServer, PolicyTool } from "./compile-rule.ts";

/** The rules that speak of one server. Almost always few, which makes the check of a tool cheap. */
interface ServerRules {
  readonly allow: readonly CompiledRule[];
  readonly deny: readonly CompiledRule[];
}

/** Servers remembered; an id that a caller invents must not stay for ever. */
const SERVERS_REMEMBERED = 2000;

export class Permissions {
  readonly key: string;
  readonly #allow: readonly CompiledRule[];
  readonly #deny: readonly CompiledRule[];
  readonly #servers = new LRUCache<string, ServerRules>({ max: SERVERS_REMEMBERED });

  constructor(key: string, allow: readonly CompiledRule[], deny: readonly CompiledRule[]) {
    this.key = key;
    this.#allow = allow;
    this.#deny = deny;
  }

  /** May any tool of this server be visible? */
  allowsServer(server: PolicyServer): boolean {
    const { allow, deny } = this.#rulesOf(server);
    return allow.length > 0 && !deny.some((rule) => rule.coversServer);
  }

  /** Rules with `arguments` keep a tool visible: they decide when it is called. */
  allowsTool(server: PolicyServer, tool: PolicyTool): boolean {
    const { allow, deny } = this.#rulesOf(server);
    return (
      allow.some((rule) => rule.matchesTool(server, tool)) &&
      !deny.some((rule) => rule.arguments === undefined && rule.matchesTool(server, tool))
    );
  }

  /** Why the call is refused, if it is. */
  refusal(server: PolicyServer, tool: PolicyTool, input: unknown): CatalogueError | undefined {
    const { allow, deny } = this.#rulesOf(server);
    const denying = deny.filter((rule) => rule.matchesTool(server, tool));
    if (denying.some((rule) => !rule.arguments || rule.arguments.problem || rule.arguments.parse(input).ok)) {
      return refused(server, tool, "is denied by policy with these arguments");
    }
    const allowing = allow.filter((rule) => rule.matchesTool(server, tool));
    if (allowing.length === 0) return refused(server, tool, "is not allowed by policy");
    let nearest: readonly InputProblem[] | undefined;
    for (const { arguments: schema } of allowing) {
      if (!schema) return undefined;
      if (schema.problem) continue;
      const parsed = schema.parse(input);
      if (parsed.ok) return undefined;
      if (!nearest || parsed.problems.length < nearest.length) nearest = parsed.problems;
    }
    return refused(server, tool, "is allowed by policy only with other arguments", nearest);
  }

  #rulesOf(server: PolicyServer): ServerRules {
    const key = `${server.type}:${server.id}`;
    const known = this.#servers.get(key);
    if (known) return known;
    const matching = (rules: readonly CompiledRule[]) => rules.filter((rule) => rule.matchesServer(server));
    const rules = { allow: matching(this.#allow), deny: matching(this.#deny) };
    this.#servers.set(key, rules);
    return rules;
  }
}

function refused(
  server: PolicyServer,
  tool: PolicyTool,
  why: string,
  problems?: readonly InputProblem[],
): CatalogueError {
  return new CatalogueError("AUTHORIZATION_ERROR", `'${tool.name}' of server '${server.id}' ${why}.`, {
    ...(problems && { details: problemDetails(problems) }),
    acted: "no",
  });
}
