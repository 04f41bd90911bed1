/** The web_search type itself: its names, its input, and its examples. */
import { expect, it } from "vitest";
import webSearch from "../../../connectors/web-search/index.ts";
import { plainText } from "../../../connectors/web-search/plain-text.ts";
import { toDay } from "../../../connectors/web-search/to-day.ts";
import { openSearchServer } from "./search-server.ts";

const [tool] = webSearch.tools!;

it("search is another name of perform_search, a read that may be served again for a minute", () => {
  expect(webSearch.type).toBe("web_search");
  expect(webSearch.aliases).toEqual({ search: "perform_search" });
  expect(webSearch.tools?.map(({ name }) => name)).toEqual(["perform_search"]);
  expect(tool).toMatchObject({ effect: "read", cacheTtlMs: 60_000 });
});

it("each provider has its address, except SearXNG, which everybody runs for themselves", () => {
  const addresses = ["brave", "tavily", "google", "searxng"].map((provider) =>
    webSearch.baseUrl!(webSearch.config.parse({ provider, engineId: "e" })),
  );
  expect(addresses).toEqual([
    "https://api.search.brave.com/res/v1",
    "https://api.tavily.com",
    "https://customsearch.googleapis.com",
    undefined,
  ]);
});

it.each(tool!.examples.map((example) => [example.title, example] as const))(
  "example: %s",
  async (_, { input, output }) => {
    const { results } = (output ?? { results: [] }) as {
      results: { title: string; url: string; snippet: string; score: number; published: string }[];
    };
    const items = results.map((result) => ({ ...result, content: result.snippet, publishedDate: result.published }));
    await using server = await openSearchServer({ provider: "searxng" }, { json: { results: items } });
    const found = await server.search({ ...input });
    expect(found.results).toEqual(results);
  },
);

it.each([
  ["no query", {}, ["query"]],
  ["a blank query", { query: "  " }, ["query"]],
  ["too many results", { query: "q", limit: 21 }, ["limit"]],
  ["page 0", { query: "q", page: 0 }, ["page"]],
  ["a freshness of another spelling", { query: "q", freshness: "hour" }, ["freshness"]],
  ["a day that does not exist", { query: "q", freshness: "2026-02-30..2026-03-01" }, ["freshness"]],
  ["a range that ends before it begins", { query: "q", freshness: "2026-02-02..2026-02-01" }, ["freshness"]],
  ["a country by name", { query: "q", country: "Austria" }, ["country"]],
  ["a language by name", { query: "q", language: "german" }, ["language"]],
  ["an address for a domain", { query: "q", include_domains: ["https://a.org/x"] }, ["include_domains", 0]],
  ["an operator in a domain", { query: "q", exclude_domains: ["a.org OR site:b.org"] }, ["exclude_domains", 0]],
  ["a misspelt argument", { query: "q", lang: "de" }, ["lang"]],
])("%s is refused by name", (_, input, path) => {
  expect(tool!.parseInput(input)).toMatchObject({ ok: false, problems: [{ path }] });
});

it.each([
  ["2026-03-31", "2026-03-31"],
  ["2026-03-31T23:30:00-05:00", "2026-03-31"],
  ["2026-03-31 08:00:00", "2026-03-31"],
  ["2026-02-30T00:00:00", null],
  ["Tue, 10 Dec 2024 10:00:00 GMT", "2024-12-10"],
  ["January 5, 2024", "2024-01-05"],
  ["2 days ago", null],
  ["soon", null],
  ["1700000000", null],
  ["", null],
  [null, null],
])("the day of %j is %j", (text, day) => {
  expect(toDay(text)).toBe(day);
});

it("of a text no more than 4,000 characters are read, whatever markup it is made of", () => {
  expect(plainText("a".repeat(5_000))).toHaveLength(4_000);
  for (const hostile of ["<a", "<b ", "&", "</i", "&#1"]) {
    const text = hostile.repeat(500_000);
    expect(plainText(text), hostile).toBe(plainText(text.slice(0, 4_000)));
  }
});

it.each([
  ["&#0;&#xD800;&#1114112;&unknown;", "&#0;&#xD800;&#1114112;&unknown;"],
  ["a&lt;b&gt;c", "a<b>c"],
  ["&amp;lt;", "&lt;"],
  ["one<br/>two  \n three", "one two three"],
])("the text of %j is %j", (html, text) => {
  expect(plainText(html)).toBe(text);
});
