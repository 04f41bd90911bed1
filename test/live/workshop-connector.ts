/** A server type whose tools are whatever a test says, and whose work waits for the test: for stories about what happens meanwhile. */
import { defineConnector, z, type Connector, type Effect, type ServerContext, type Tool } from "../../src/index.ts";

export interface Workshop {
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Replaces the tools of a server, as a server would that announces a change. */
  announce(serverId: string, tools: readonly Tool[]): void;
  /** Resolves when so many calls of `work` run. */
  running(count: number): Promise<void>;
  /** Tells progress in every running call. */
  report(progress: number, message: string): void;
  /** Lets every running call, and those to come, end. */
  finish(): void;
}

export function named(name: string, changes: Partial<Tool> = {}): Tool {
  return {
    name,
    description: `Does ${name}.`,
    effect: "read" satisfies Effect,
    inputSchema: { type: "object", properties: { depth: { type: "integer" } } },
    outputSchema: { type: "object", properties: { done: { type: "string" } } },
    examples: [],
    diagnostics: [],
    parseInput: (value) => ({ ok: true, value }),
    run: async () => ({ done: name }),
    ...changes,
  };
}

export function openWorkshop(initial: Readonly<Record<string, readonly Tool[]>>): Workshop {
  const tools = new Map(Object.entries(initial));
  const servers = new Map<string, ServerContext>();
  const calls = new Set<(progress: number, message: string) => void>();
  const waiting: { count: number; resolve: () => void }[] = [];
  const gate = Promise.withResolvers<void>();
  const work = named("work", {
    // Equal reads would share one call.
    effect: "write",
    run: async ({ context }) => {
      calls.add((progress, message) => context.reportProgress({ progress, total: 10, message }));
      for (const each of waiting) if (calls.size >= each.count) each.resolve();
      await gate.promise;
      return { done: "work" };
    },
  });
  const definition = defineConnector({
    type: "workshop",
    title: "Workshop",
    summary: "Works as long as the test says.",
    config: z.object({}),
    authentication: ["none"],
  });
  const connector = definition.discover(async (server) => {
    servers.set(server.id, server);
    return {
      get tools() {
        return [work, ...(tools.get(server.id) ?? [])];
      },
      close: async () => {},
    };
  });
  return {
    connectors: new Map([[connector.type, connector]]),
    announce: (serverId, announced) => {
      tools.set(serverId, announced);
      servers.get(serverId)?.toolsChanged();
    },
    running: (count) =>
      calls.size >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    report: (progress, message) => {
      for (const call of calls) call(progress, message);
    },
    finish: () => gate.resolve(),
  };
}
