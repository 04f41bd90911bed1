/** `Subscription`: what callers can follow while it happens, as server-sent events. */
import { builder } from "../builder.ts";
import { subscribeToCatalogue, subscribeToProgress } from "../../resolvers/subscribe.ts";
import type { CatalogueChange, ToolName as ToolNameShape } from "../../src/live/catalogue-diff.ts";
import type { ProgressEvent } from "../../src/live/progress-hub.ts";
import { ExecutionStatus } from "./enums.ts";

const ToolProgress = builder.objectRef<ProgressEvent>("ToolProgress").implement({
  description: "How far one of your calls is.",
  fields: (t) => ({
    executionId: t.exposeID("executionId"),
    requestId: t.exposeString("requestId", { nullable: true }),
    serverId: t.exposeID("serverId"),
    toolName: t.exposeString("toolName"),
    progress: t.exposeFloat("progress", { nullable: true, description: "What is done, in the tool's own measure." }),
    total: t.exposeFloat("total", { nullable: true, description: "What there is to do, when the tool knows." }),
    message: t.exposeString("message", { nullable: true }),
    status: t.field({
      type: ExecutionStatus,
      nullable: true,
      description: "Set in the last event, when the call has ended.",
      resolve: ({ status }) => status,
    }),
  }),
});

const ToolName = builder.objectRef<ToolNameShape>("ToolName").implement({
  fields: (t) => ({ serverId: t.exposeID("serverId"), name: t.exposeString("name") }),
});

const CatalogChange = builder.objectRef<CatalogueChange>("CatalogChange").implement({
  description: "What changed of the servers and tools you may use.",
  fields: (t) => ({
    serversAdded: t.idList({ resolve: (change) => [...change.serversAdded] }),
    serversRemoved: t.idList({ resolve: (change) => [...change.serversRemoved] }),
    serversChanged: t.idList({
      description: "Servers with another name or another health.",
      resolve: (change) => [...change.serversChanged],
    }),
    toolsAdded: t.field({ type: [ToolName], resolve: (change) => [...change.toolsAdded] }),
    toolsRemoved: t.field({ type: [ToolName], resolve: (change) => [...change.toolsRemoved] }),
    toolsChanged: t.field({ type: [ToolName], resolve: (change) => [...change.toolsChanged] }),
    isTruncated: t.exposeBoolean("isTruncated", { description: "There are more names than the lists hold." }),
  }),
});

builder.subscriptionType({
  fields: (t) => ({
    toolProgress: t.field({
      type: ToolProgress,
      description:
        "Follows one of your calls to its end. Subscribe with a requestId of your own before you send the call with it.",
      args: {
        executionId: t.arg.id({ required: true, description: "The executionId, or the requestId, of the call." }),
      },
      subscribe: (_root, { executionId }, context) => subscribeToProgress(context, executionId),
      resolve: (event) => event,
    }),
    catalogChanged: t.field({
      type: CatalogChange,
      description: "Tells when servers or tools that you may use come, go or change.",
      subscribe: (_root, _args, context) => subscribeToCatalogue(context),
      resolve: (change) => change,
    }),
  }),
});
