/** The web_search server type: which provider it speaks to is the server's configuration. */
import { CatalogueError, defineConnector } from "../../src/index.ts";
import { SearchConfig } from "./config.ts";
import { providers } from "./providers/index.ts";

export const webSearch = defineConnector({
  type: "web_search",
  title: "Web search",
  summary: "Searches the web with Brave, Tavily, SearXNG or Google.",
  sources: [
    "https://api-dashboard.search.brave.com/app/documentation/web-search/get-started",
    "https://docs.tavily.com/documentation/api-reference/endpoint/search",
    "https://docs.searxng.org/dev/search_api.html",
    "https://developers.google.com/custom-search/v1/overview",
  ],
  config: SearchConfig,
  authentication: ["api_key", "bearer_token", "basic_auth", "none"],
  apiKeyPlace: ({ provider }) => providers[provider].apiKeyPlace,
  baseUrl: ({ provider }) => providers[provider].baseUrl,
  aliases: { search: "perform_search" },
  http: { readError: (answer, { provider }) => providers[provider].readError(answer) },
  setUp: ({ baseUrl, config }) => {
    if (baseUrl === undefined) {
      throw new CatalogueError(
        "CONFIGURATION_ERROR",
        `${providers[config.provider].title} has no address of its own: base_url has to name the instance.`,
      );
    }
  },
});
