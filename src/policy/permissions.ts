/** What one set of permissions allows: callers with the same permissions share one object. */
import type { InputProblem } from "../connector/tool.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { problemDetails } from "../errors/validation-error.ts";
import type { CompiledRule, PolicyServer, PolicyTool } from "./compile-rule.ts";

/** The rules that speak of one server. Almost always few, which makes the check of a tool cheap. */
interface ServerRules {
  readonly allow: readonly CompiledRule[];
  readonly deny: readonly CompiledRule[];
}

/** The rules that speak of one tool that was called. */
interface ToolRules extends ServerRules {
  /** Whatever the arguments are, it may be called. */
  readonly isOpen: boolean;
}

interface Remembered extends ServerRules {
  readonly tools: WeakMap<PolicyTool, ToolRules>;
}

export class Permissions {
  readonly key: string;
  readonly #allow: readonly CompiledRule[];
  readonly #deny: readonly CompiledRule[];
  readonly #servers = new WeakMap<PolicyServer, Remembered>();

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
    const { isOpen, allow, deny } = this.#rulesOfTool(server, tool);
    if (isOpen) return undefined;
    if (deny.some((rule) => !rule.arguments || rule.arguments.problem || rule.arguments.parse(input).ok)) {
      return refused(server, tool, "is denied by policy with these arguments");
    }
    if (allow.length === 0) return refused(server, tool, "is not allowed by policy");
    let nearest: readonly InputProblem[] | undefined;
    for (const { arguments: schema } of allow) {
      if (!schema) return undefined;
      if (schema.problem) continue;
      const parsed = schema.parse(input);
      if (parsed.ok) return undefined;
      if (!nearest || parsed.problems.length < nearest.length) nearest = parsed.problems;
    }
    return refused(server, tool, "is allowed by policy only with other arguments", nearest);
  }

  #rulesOf(server: PolicyServer): Remembered {
    const known = this.#servers.get(server);
    if (known) return known;
    const matching = (rules: readonly CompiledRule[]) => rules.filter((rule) => rule.matchesServer(server));
    const rules = { allow: matching(this.#allow), deny: matching(this.#deny), tools: new WeakMap() };
    this.#servers.set(server, rules);
    return rules;
  }

  #rulesOfTool(server: PolicyServer, tool: PolicyTool): ToolRules {
    const ofServer = this.#rulesOf(server);
    const known = ofServer.tools.get(tool);
    if (known) return known;
    const matching = (rules: readonly CompiledRule[]) => rules.filter((rule) => rule.matchesTool(server, tool));
    const [allow, deny] = [matching(ofServer.allow), matching(ofServer.deny)];
    const isOpen = deny.length === 0 && allow.some((rule) => rule.arguments === undefined);
    const rules = { allow, deny, isOpen };
    ofServer.tools.set(tool, rules);
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
