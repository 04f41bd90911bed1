/** `ServerHealth`: how a server does, as far as calls to it tell. */
import { builder } from "../builder.ts";
import type { RecentError } from "../../src/registry/server-breaker.ts";
import type { ServerRuntime } from "../../src/registry/server-runtime.ts";
import { CircuitState } from "./enums.ts";

const ServerError = builder.objectRef<RecentError>("ServerError").implement({
  description: "One failure of a server.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Of the error catalogue." }),
    message: t.exposeString("message"),
    at: t.exposeString("at", { description: "ISO 8601." }),
  }),
});

export const ServerHealth = builder.objectRef<ServerRuntime>("ServerHealth").implement({
  description: "How a server does. What a caller did wrong does not count.",
  fields: (t) => ({
    circuit: t.field({ type: CircuitState, resolve: ({ breaker }) => breaker.state }),
    since: t.string({
      description: "When the circuit last changed, ISO 8601.",
      resolve: ({ breaker }) => breaker.since.toISOString(),
    }),
    recentErrors: t.field({
      type: [ServerError],
      description: "The server's latest failures, newest first.",
      resolve: ({ breaker }) => [...breaker.recentErrors],
    }),
    runningCalls: t.int({ resolve: ({ running }) => running }),
  }),
});
