/** The product as one web-standard handler, `app.fetch`: for node:http, serverless hosts and route handlers of frameworks. */
import { Hono } from "hono";
import { toCatalogueError } from "../errors/catalogue-error.ts";
import type { Gateway } from "../gateway.ts";
import { fromWebRequest, toWebResponse } from "./door-request.ts";
import type { GraphqlDoor } from "./graphql/graphql-door.ts";
import { answerRest } from "./rest/answer-rest.ts";

export interface AppOptions {
  readonly gateway: Gateway;
  readonly graphql: GraphqlDoor;
  /** Bound to a loopback address: `Host` must then be one too. */
  readonly isLoopback: boolean;
}

/**
 * @example
 * const app = createApp({ gateway, graphql, isLoopback: true });
 * await app.fetch(new Request("http://localhost/api/v1/mcp/health"));
 */
export function createApp({ gateway, graphql, isLoopback }: AppOptions): Hono {
  const app = new Hono();
  app.all("/graphql", async (context) => {
    const response = await graphql.fetch(context.req.raw, isLoopback);
    gateway.metrics.countRequest("/graphql", response.status);
    return response;
  });
  app.all("*", async (context) =>
    toWebResponse(await answerRest(gateway, fromWebRequest(context.req.raw), isLoopback)),
  );
  app.onError((thrown) => {
    gateway.log.error({ component: "http", err: thrown }, "request failed");
    const error = toCatalogueError(thrown);
    return Response.json(
      { status: "error", error: { code: error.code, message: error.message } },
      { status: error.status },
    );
  });
  return app;
}
