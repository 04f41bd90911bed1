/** `viewer`: who am I and what may I use. */
import { builder } from "../builder.ts";
import type { Caller } from "../../src/auth/caller.ts";
import { Server } from "./server.ts";

const Viewer = builder.objectRef<Caller>("Viewer").implement({
  description: "You, as the gateway knows you.",
  fields: (t) => ({
    id: t.exposeID("id"),
    roles: t.stringList({ resolve: ({ roles }) => [...roles] }),
    servers: t.field({ type: [Server], resolve: (_caller, _args, { view }) => [...view.servers] }),
  }),
});

builder.queryField("viewer", (t) => t.field({ type: Viewer, resolve: (_root, _args, { caller }) => caller }));
