/** A peer: Apollo Server, standalone as its documentation starts it, before the same layers. */
import { createRequire } from "node:module";
import { announce } from "../announce.ts";
import { callerOf, resolvers, typeDefs, type Context } from "./backend.ts";

interface Incoming {
  readonly req: { readonly headers: { readonly authorization?: string } };
}
interface Apollo {
  readonly ApolloServer: new (options: object) => object;
}
interface Standalone {
  readonly startStandaloneServer: (
    server: object,
    options: { listen: { port: number; host: string }; context(incoming: Incoming): Promise<Context> },
  ) => Promise<{ url: string }>;
}

const require = createRequire(`${process.env.BENCH_PEERS}/package.json`);
const { ApolloServer } = require("@apollo/server") as Apollo;
const { startStandaloneServer } = require("@apollo/server/standalone") as Standalone;
const { url } = await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port: 0, host: "127.0.0.1" },
  context: async ({ req }) => ({ caller: await callerOf(req.headers.authorization) }),
});
announce(Number(new URL(url).port));
