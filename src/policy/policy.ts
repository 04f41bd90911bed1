/** Who may use which servers, tools and arguments: `gateway.policies`, compiled. */
import { createHash } from "node:crypto";
import type { Caller } from "../auth/caller.ts";
import type { PolicySettings } from "../config/settings.ts";
import type { CatalogueError } from "../errors/catalogue-error.ts";
import { compileRule, type CompiledRule, type PolicyServer, type PolicyTool } from "./compile-rule.ts";
import { Permissions } from "./permissions.ts";

/** All that policy looks at; a caller's id never matters. */
export type PolicyCaller = Pick<Caller, "roles">;

export interface Policy {
  /** Short text, the same for callers with the same permissions, on every replica and across restarts: fit for cache keys. */
  viewKey(caller: PolicyCaller): string;
  isServerVisible(caller: PolicyCaller, server: PolicyServer): boolean;
  isVisible(caller: PolicyCaller, server: PolicyServer, tool: PolicyTool): boolean;
  /**
   * Judges one call: `AUTHORIZATION_ERROR`, or nothing when it may go on. Give the input that the tool will run with,
   * its defaults filled in, or a rule about a defaulted argument is passed by leaving it out.
   */
  checkArguments(
    caller: PolicyCaller,
    server: PolicyServer,
    tool: PolicyTool,
    input: unknown,
  ): CatalogueError | undefined;
  /** One sentence for each rule whose `arguments` cannot be enforced as written; such a rule refuses. */
  readonly faults: readonly string[];
}

/**
 * Compiles policies. Without any, every caller that authentication lets in may use everything. With some, a call needs
 * an allow rule of a policy that names one of the caller's roles (or `*`), and no deny rule of such a policy.
 *
 * @example
 * const policy = createPolicy([{ roles: ["agent"], allow: [{ servers: ["jira-*"], effects: ["read"] }], deny: [] }]);
 * policy.isVisible({ roles: ["agent"] }, { id: "jira-daws", type: "jira" }, { name: "search_issues", effect: "read" }); // true
 */
export function createPolicy(settings: readonly PolicySettings[]): Policy {
  const everything = { roles: ["*"], allow: [{}], deny: [] };
  const policies = (settings.length > 0 ? settings : [everything]).map(({ roles, allow, deny }) => ({
    roles: new Set(roles),
    allow: allow.map((rule) => compileRule(rule, "allow")),
    deny: deny.map((rule) => compileRule(rule, "deny")),
  }));
  const faults = policies.flatMap((policy, index) =>
    (["allow", "deny"] as const).flatMap((kind) =>
      policy[kind].flatMap(({ arguments: schema }, at) =>
        schema?.problem ? [`gateway.policies[${index}].${kind}[${at}].arguments refuses: ${schema.problem}`] : [],
      ),
    ),
  );

  const byKey = new Map<string, Permissions>();
  // Callers of one key or one cached token share one array of roles: the usual call is one look-up.
  const byRoles = new WeakMap<readonly string[], Permissions>();
  const permissionsOf = ({ roles }: PolicyCaller): Permissions => {
    const known = byRoles.get(roles);
    if (known) return known;
    const mine = policies.filter((policy) => policy.roles.has("*") || roles.some((role) => policy.roles.has(role)));
    const allow = distinct(mine.flatMap((policy) => policy.allow));
    const deny = distinct(mine.flatMap((policy) => policy.deny));
    const key = keyOf(allow, deny);
    const permissions = byKey.get(key) ?? new Permissions(key, allow, deny);
    byKey.set(key, permissions);
    byRoles.set(roles, permissions);
    return permissions;
  };

  return {
    faults,
    viewKey: (caller) => permissionsOf(caller).key,
    isServerVisible: (caller, server) => permissionsOf(caller).allowsServer(server),
    isVisible: (caller, server, tool) => permissionsOf(caller).allowsTool(server, tool),
    checkArguments: (caller, server, tool, input) => permissionsOf(caller).refusal(server, tool, input),
  };
}

/** Each rule once, in one order, so that the order of roles and policies does not make two views of one. */
function distinct(rules: readonly CompiledRule[]): CompiledRule[] {
  const byText = new Map(rules.map((rule) => [rule.text, rule]));
  return [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

function keyOf(allow: readonly CompiledRule[], deny: readonly CompiledRule[]): string {
  const texts = [allow, deny].map((rules) => rules.map((rule) => rule.text));
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url").slice(0, 22);
}
