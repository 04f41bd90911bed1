/** What one set of permissions may see of a generation: everything else looks as if it did not exist. */
import { OPERATOR_ROLE, type Caller } from "../auth/caller.ts";
import type { Tool } from "../connector/tool.ts";
import type { ToolMatch } from "../search/tool-index.ts";
import type { Generation } from "./generation.ts";
import type { ServerEntry } from "./server-entry.ts";

export class View {
  readonly key: string;
  readonly generation: Generation;
  /** Sees what only operators may do, besides what policy gives them. */
  readonly isOperator: boolean;
  /** Visible servers as lists show them, disabled ones too, in configured order. */
  readonly listed: readonly ServerEntry[];
  /** Those of them that can be called: a disabled server's tools look as if they did not exist. */
  readonly servers: readonly ServerEntry[];
  readonly #servers: ReadonlyMap<string, ServerEntry>;
  readonly #tools = new Map<string, readonly Tool[]>();
  readonly #caller: Caller;

  /** `caller` stands for all callers with the same key: policy gives them the same permissions. */
  constructor(key: string, generation: Generation, caller: Caller) {
    this.key = key;
    this.generation = generation;
    this.isOperator = caller.roles.includes(OPERATOR_ROLE);
    this.#caller = caller;
    this.listed = [...generation.servers.values()].filter((server) =>
      generation.policy.isServerVisible(caller, server),
    );
    this.servers = this.listed.filter(({ settings }) => settings.isEnabled);
    this.#servers = new Map(this.servers.map((server) => [server.id, server]));
  }

  server(id: string): ServerEntry | undefined {
    return this.#servers.get(id);
  }

  /** The tools of a visible server that this view may use. */
  tools(server: ServerEntry): readonly Tool[] {
    let tools = this.#tools.get(server.id);
    if (!tools) {
      const { policy } = this.generation;
      tools = [...server.tools.values()].filter((tool) => policy.isVisible(this.#caller, server, tool));
      this.#tools.set(server.id, tools);
    }
    return tools;
  }

  /**
   * The tools that the graph has fields for: those of the server, or, when it could not be opened, those that every
   * server of its type has. Its fields then fail with the reason, and the graph keeps its shape meanwhile.
   */
  graphTools(server: ServerEntry): readonly Tool[] {
    const { runtime } = server;
    if (runtime.isOpen || !runtime.connector?.tools) return this.tools(server);
    const { policy } = this.generation;
    return runtime.connector.tools.filter((tool) => policy.isVisible(this.#caller, server, tool));
  }

  /** Finds a tool by its own name, an alias, or either with the server's type in front (`jira:create_issue`). */
  tool(server: ServerEntry, name: string): Tool | undefined {
    const bare = name.startsWith(`${server.type}:`) ? name.slice(server.type.length + 1) : name;
    const tool = server.tools.get(bare) ?? server.tools.get(server.aliases.get(bare) ?? "");
    return tool && this.generation.policy.isVisible(this.#caller, server, tool) ? tool : undefined;
  }

  /** Tools that fit a need told in words, best first. A promise where they are found by meaning too. */
  search(
    query: string,
    options: { readonly first: number; readonly serverIds?: readonly string[] },
  ): readonly ToolMatch[] | Promise<readonly ToolMatch[]> {
    return this.generation.search(query, {
      first: options.first,
      ...(options.serverIds && { serverIds: options.serverIds }),
      allowed: (serverId, toolName) => {
        const server = this.server(serverId);
        return server !== undefined && this.tool(server, toolName) !== undefined;
      },
    });
  }
}
