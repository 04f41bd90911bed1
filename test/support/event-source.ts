/** A GraphQL subscription over server-sent events as a client has it: the results one by one, until either side ends. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { EventStream } from "../../src/live/event-stream.ts";
import type { GraphqlBody, StartedGateway } from "./start-gateway.ts";

export interface Subscription extends AsyncDisposable {
  readonly status: number;
  /** The next result; undefined at the end. */
  next(): Promise<GraphqlBody | undefined>;
  /** Goes away without a word, as a client that crashed. */
  abort(): void;
}

/**
 * @example
 * await using changes = await subscribe(gateway, "subscription { catalogChanged { toolsAdded { name } } }");
 * expect((await changes.next())?.data).toEqual(…);
 */
export async function subscribe(
  gateway: StartedGateway,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Subscription> {
  const request = httpRequest(`${gateway.url}/graphql`, {
    method: "POST",
    headers: {
      accept: "text/event-stream",
      "content-type": "application/json",
      authorization: "Bearer developer-token-of-the-tests",
      ...headers,
    },
  });
  request.end(JSON.stringify({ query, variables }));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  request.on("error", () => {});
  const results = new EventStream<GraphqlBody>(() => {});
  const closed = once(request, "close");
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (/^event: next$/m.test(event) && data !== undefined) results.push(JSON.parse(data) as GraphqlBody);
      if (/^event: complete$/m.test(event)) results.end();
    }
  });
  response.on("error", () => {});
  response.on("close", () => results.end());
  return {
    status: response.statusCode ?? 0,
    next: async () => {
      const { done, value } = await results.next();
      return done ? undefined : value;
    },
    abort: () => void request.destroy(),
    async [Symbol.asyncDispose]() {
      request.destroy();
      await closed;
    },
  };
}
