/** `Server` and the fields that return it: `servers`, `server`. */
import { builder } from "../builder.ts";
import { listServers } from "../../resolvers/list-servers.ts";
import { listTools } from "../../resolvers/list-tools.ts";
import type { ServerEntry } from "../../src/registry/server-entry.ts";
import { ServerHealth } from "./server-health.ts";
import { ServerStatus, ToolEffect } from "./enums.ts";
import { ToolConnection } from "./tool.ts";

export const Server = builder.objectRef<ServerEntry>("Server").implement({
  description: "A configured server behind the gateway.",
  fields: (t) => ({
    id: t.exposeID("id"),
    type: t.exposeString("type"),
    name: t.exposeString("name"),
    status: t.field({ type: ServerStatus, resolve: ({ runtime }) => runtime.status }),
    statusReason: t.string({ nullable: true, resolve: ({ runtime }) => runtime.statusReason }),
    toolCount: t.int({ resolve: (server, _args, { view }) => view.tools(server).length }),
    health: t.field({ type: ServerHealth, resolve: ({ runtime }) => runtime }),
    metadata: t.field({ type: "JSON", nullable: true, resolve: ({ settings }) => settings.metadata }),
    tools: t.field({
      type: ToolConnection,
      args: {
        effect: t.arg({ type: ToolEffect }),
        first: t.arg.int({ defaultValue: 50, validate: { min: 0, max: 500 } }),
        after: t.arg.string({ validate: { maxLength: 1000 } }),
      },
      resolve: (server, args, { view }) => listTools(view, { ...args, serverId: server.id }),
    }),
  }),
});

builder.queryFields((t) => ({
  servers: t.field({
    type: [Server],
    description: "The servers you may use.",
    args: { type: t.arg.string(), status: t.arg({ type: ServerStatus }) },
    resolve: (_root, args, { view }) => listServers(view, args),
  }),
  server: t.field({
    type: Server,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { view }) => view.listed.find((server) => server.id === id),
  }),
}));
