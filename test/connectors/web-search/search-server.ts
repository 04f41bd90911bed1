/** Opens a web_search server with an API key on an in-process vendor, as every provider's tests need it. */
import webSearch from "../../../connectors/web-search/index.ts";
import type { CatalogueError } from "../../../src/errors/catalogue-error.ts";
import { apiKeyCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";

export const KEY = "key-that-nobody-may-see";

export interface Found {
  results: {
    title: string;
    url: string;
    snippet: string;
    published: string | null;
    source: string;
    score: number | null;
  }[];
  more: boolean;
}

export interface SearchServer extends AsyncDisposable {
  readonly requests: Upstream["requests"];
  search(input: Record<string, unknown>): Promise<Found>;
  fail(input: Record<string, unknown>): Promise<CatalogueError>;
}

export async function openSearchServer(
  config: { provider: string; engineId?: string },
  answer: Answer | ((request: ReceivedRequest) => Answer | Promise<Answer>),
): Promise<SearchServer> {
  const upstream = await startUpstream((request) => (typeof answer === "function" ? answer(request) : answer));
  const parsed = webSearch.config.parse(config);
  const authorizer = apiKeyCredential(new Secret(KEY), webSearch.apiKeyPlace!(parsed));
  const server = await openServer(webSearch, { config, baseUrl: upstream.url, authorizer });
  return {
    requests: upstream.requests,
    search: async (input) => (await server.run("perform_search", input)) as Found,
    fail: (input) => server.fail("perform_search", input),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
