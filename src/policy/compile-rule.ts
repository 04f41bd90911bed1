/** Compiles one allow or deny rule of a policy to checks of a server, a tool and an input. */
import type { PolicyRule } from "../config/settings.ts";
import type { Effect } from "../connector/tool.ts";
import { compileArgumentSchema, type ArgumentSchema } from "./argument-schema.ts";
import { compileGlob } from "./glob.ts";

export interface PolicyServer {
  readonly id: string;
  readonly type: string;
}

export interface PolicyTool {
  /** The tool's own name, bare. */
  readonly name: string;
  readonly effect: Effect;
}

export interface CompiledRule {
  /** The rule in one spelling: rules with equal text permit the same. */
  readonly text: string;
  matchesServer(server: PolicyServer): boolean;
  /** Given a server that matches. */
  matchesTool(server: PolicyServer, tool: PolicyTool): boolean;
  /** Does it cover every tool of a server it matches, with any input? */
  readonly coversServer: boolean;
  readonly arguments: ArgumentSchema | undefined;
}

const EFFECTS: readonly Effect[] = ["read", "write", "destructive"];

/**
 * A tool glob with a colon is `type:tool`, one without is the bare name. A deny rule reads a glob with a colon both
 * ways, an allow rule does not: a server that announces a tool called `jira:create_issue` must not gain what is
 * allowed to the type `jira`.
 */
export function compileRule(rule: PolicyRule, kind: "allow" | "deny"): CompiledRule {
  const servers = globs(rule.servers);
  const tools = globs(rule.tools);
  const effects = EFFECTS.every((effect) => !rule.effects || rule.effects.includes(effect)) ? undefined : rule.effects;
  const serverChecks = servers?.map(compileGlob);
  const bare = tools?.filter((glob) => kind === "deny" || !glob.includes(":")).map(compileGlob);
  const typed = tools?.filter((glob) => glob.includes(":")).map(compileGlob) ?? [];
  return {
    text: JSON.stringify([servers, tools, effects && [...effects].sort(), rule.arguments]),
    matchesServer: ({ id }) => !serverChecks || serverChecks.some((check) => check(id)),
    matchesTool(server, { name, effect }) {
      if (effects && !effects.includes(effect)) return false;
      if (!bare || bare.some((check) => check(name))) return true;
      return typed.some((check) => check(`${server.type}:${name}`));
    },
    coversServer: !tools && !effects && !rule.arguments,
    arguments: rule.arguments && compileArgumentSchema(rule.arguments),
  };
}

/** In one order and without repetition; a lone star among them makes the list the same as none at all. */
function globs(list: readonly string[] | undefined): readonly string[] | undefined {
  return !list || list.includes("*") ? undefined : [...new Set(list)].sort();
}
