/** Searches the web with the configured provider. */
import { webSearch } from "../connector.ts";
import { isWanted, sourceOf } from "../domains.ts";
import { providers } from "../providers/index.ts";
import { SearchInput, SearchOutput } from "../search-contract.ts";

export const performSearch = webSearch.tool({
  name: "perform_search",
  title: "Search the web",
  summary: "Search the web and get titles, addresses and snippets of pages, best first.",
  useWhen: "You need facts that are newer than your training, or a source to cite.",
  effect: "read",
  input: SearchInput,
  output: SearchOutput,
  // Long enough for an agent that asks twice, short enough for news.
  cacheTtlMs: 60_000,
  examples: [
    {
      title: "The newest pages of one site",
      input: { query: "graphql incremental delivery", limit: 3, freshness: "month", include_domains: ["graphql.org"] },
      output: {
        results: [
          {
            title: "Incremental delivery",
            url: "https://graphql.org/blog/incremental-delivery",
            snippet: "How @defer and @stream send a result in parts.",
            published: "2026-11-02",
            source: "graphql.org",
            score: 0.91,
          },
        ],
        more: false,
      },
    },
    {
      title: "A second page, in German",
      input: { query: "Bahnfahrplan 2027", language: "de", country: "AT", page: 2 },
    },
  ],
  run: async ({ input, http, config }) => {
    const provider = providers[config.provider];
    const { method, path, ...options } = provider.request(input, config);
    const { results, more } = provider.read(await http.request(method, path, options), input);
    const wanted = results.filter(({ url }) => /^https?:/i.test(url) && isWanted(url, input));
    return {
      results: wanted.slice(0, input.limit).map((result) => ({ ...result, source: sourceOf(result.url) })),
      more,
    };
  },
});
