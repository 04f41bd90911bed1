/** A peer: Mercurius on Fastify with compiled operations, before the same layers. */
import { createRequire } from "node:module";
import { announce } from "../announce.ts";
import { callerOf, resolvers, typeDefs, type Context } from "./backend.ts";

interface Incoming {
  readonly headers: { readonly authorization?: string };
}
interface App {
  register(plugin: unknown, options: { context(request: Incoming): Promise<Context> } & Record<string, unknown>): void;
  listen(options: { port: number; host: string }): Promise<string>;
}

const require = createRequire(`${process.env.BENCH_PEERS}/package.json`);
const app = (require("fastify") as () => App)();
app.register(require("mercurius"), {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: async ({ headers }) => ({ caller: await callerOf(headers.authorization) }),
});
const url = await app.listen({ port: 0, host: "127.0.0.1" });
announce(Number(new URL(url).port));
