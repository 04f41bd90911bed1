/** SearXNG, by answers recorded from two real servers: today's and the older one that Debian ships. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import webSearch from "../../../connectors/web-search/index.ts";
import { openServer } from "../../support/open-server.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type Answer } from "../../support/upstream.ts";
import { recordedAnswer } from "./recorded-answer.ts";

const shared = sharedFolder();
const searxng = { provider: "searxng" };

interface Found {
  results: { title: string; url: string; snippet: string; published: string | null; source: string; score: number }[];
  more: boolean;
}

async function instanceThatSays(answer: Answer) {
  const upstream = await startUpstream(() => answer);
  const server = await openServer(webSearch, { config: searxng, baseUrl: upstream.url });
  return {
    upstream,
    search: async (input: Record<string, unknown>) => (await server.run("perform_search", input)) as Found,
    fail: (input: Record<string, unknown>) => server.fail("perform_search", input),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!shared)("recorded from real servers (needs the shared test data: TOOLGRAPH_SHARED)", () => {
  const today = (name: string) => recordedAnswer(join(shared ?? "", "contracts/searxng/golden-searxng-2026-08"), name);
  const debian = (name: string) =>
    recordedAnswer(join(shared ?? "", "contracts/searxng/golden-debian-searx-1.1.0"), name);

  it.each([
    ["today's SearXNG", today],
    ["Debian's searx", debian],
  ])("a page of results of %s is read as plain text", async (_, recorded) => {
    await using instance = await instanceThatSays(recorded("ok"));
    const { results, more } = await instance.search({ query: "gateway", limit: 3 });
    expect(results).toHaveLength(3);
    expect(results[0]).toEqual({
      title: "Result 0 about gateways",
      url: "https://docs.example.org/page-0",
      snippet: "Snippet 0 gateway connectors",
      published: null,
      source: "docs.example.org",
      score: 1,
    });
    expect(more).toBe(true);
  });

  it("the second page is asked for as a page", async () => {
    await using instance = await instanceThatSays(today("page2"));
    const { results } = await instance.search({ query: "gateway", page: 2 });
    expect(results[0]?.url).toBe("https://docs.example.org/page-10");
    expect(Object.fromEntries(instance.upstream.requests[0]!.query)).toEqual({
      q: "gateway",
      format: "json",
      pageno: "2",
    });
  });

  it("nothing found is an empty page, and no other page follows", async () => {
    await using instance = await instanceThatSays(today("nothing"));
    expect(await instance.search({ query: "nothing" })).toEqual({ results: [], more: false });
  });

  it("an answer to a sum without results is not taken for a failure", async () => {
    await using instance = await instanceThatSays(today("answer"));
    expect((await instance.search({ query: "avg 1 2 3" })).results).toEqual([]);
  });

  it.each([
    ["today's: an engine is limited", () => today("engine429"), "MCP_RATE_LIMIT_EXCEEDED", 429, "too many requests"],
    ["Debian's: an engine is limited", () => debian("engine429"), "MCP_RATE_LIMIT_EXCEEDED", 429, "too many requests"],
    [
      "an engine is suspended",
      () => today("engineSuspended"),
      "MCP_RATE_LIMIT_EXCEEDED",
      429,
      "Suspended: too many requests",
    ],
    ["an engine failed", () => today("engine500"), "MCP_SERVER_ERROR", 502, "HTTP error"],
    ["Debian's: an engine failed", () => debian("engine500"), "MCP_SERVER_ERROR", 502, "HTTP error"],
    ["an engine was too slow", () => today("timeout"), "MCP_SERVER_ERROR", 502, "timeout"],
  ])("a 200 that hides a failure is one: %s", async (_, recorded, code, status, reason) => {
    await using instance = await instanceThatSays(recorded());
    const error = await instance.fail({ query: "gateway" });
    expect(error).toMatchObject({ code, status, serverStatusCode: 200 });
    expect(error.details).toEqual({ unresponsive_engines: [{ engine: "labjson", reason }] });
    expect(error.isRetryable("read")).toBe(true);
  });

  it("an instance that gives no JSON says what its operator has to do", async () => {
    await using instance = await instanceThatSays(today("csv"));
    const error = await instance.fail({ query: "gateway" });
    expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 403 });
    expect(error.suggestion).toContain("search.formats");
  });

  it.each(["badlang", "badpage", "badsafe", "badtime", "noquery"])(
    "a refused request (%s) shows the reason",
    async (name) => {
      await using instance = await instanceThatSays(today(name));
      const error = await instance.fail({ query: "gateway" });
      expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 400 });
      expect(error.message).toContain((JSON.parse(today(name).text ?? "") as { error: string }).error);
    },
  );

  it("the older server's own failure is a server error", async () => {
    await using instance = await instanceThatSays(debian("badsafe"));
    expect(await instance.fail({ query: "gateway" })).toMatchObject({
      code: "MCP_SERVER_ERROR",
      serverStatusCode: 500,
    });
  });
});

describe("requests and answers made by hand", () => {
  const nothing = { results: [{ title: "t", url: "https://a.org/", content: "" }] };

  it("every argument is brought to SearXNG's form", async () => {
    await using instance = await instanceThatSays({ json: nothing });
    await instance.search({
      query: "zod",
      page: 3,
      freshness: "week",
      country: "at",
      language: "de",
      safe: "strict",
      include_domains: ["a.org", "b.org"],
      exclude_domains: ["c.org"],
    });
    expect(Object.fromEntries(instance.upstream.requests[0]!.query)).toEqual({
      q: "zod (site:a.org OR site:b.org) -site:c.org",
      format: "json",
      pageno: "3",
      time_range: "week",
      language: "de-AT",
      safesearch: "2",
    });
  });

  it("an engine that ignores site: does not bring unwanted domains in", async () => {
    const urls = [
      "https://a.org/1",
      "https://www.a.org/2",
      "https://not-a.org/3",
      "https://old.a.org/4",
      "javascript:alert(1)",
    ];
    await using instance = await instanceThatSays({ json: { results: urls.map((url) => ({ title: "t", url })) } });
    const { results } = await instance.search({
      query: "q",
      include_domains: ["A.org"],
      exclude_domains: ["old.a.org"],
    });
    expect(results.map(({ url, source }) => [url, source])).toEqual([
      ["https://a.org/1", "a.org"],
      ["https://www.a.org/2", "a.org"],
    ]);
  });

  it("markup and entities go, code in a snippet stays", async () => {
    const content =
      'Use <b>List&lt;String&gt;</b> or List<String>&nbsp;&#x2014; it&#39;s <a href="x">&quot;fine&quot;</a>';
    await using instance = await instanceThatSays({
      json: {
        results: [{ title: "A &amp; B", url: "https://a.org/", content, publishedDate: "2026-03-31T23:30:00-05:00" }],
      },
    });
    const { results } = await instance.search({ query: "q" });
    expect(results[0]).toMatchObject({
      title: "A & B",
      snippet: 'Use List<String> or List<String> — it\'s "fine"',
      published: "2026-03-31",
    });
  });

  it("partial results count although an engine failed", async () => {
    await using instance = await instanceThatSays({ json: { ...nothing, unresponsive_engines: [["x", "timeout"]] } });
    expect((await instance.search({ query: "q" })).results).toHaveLength(1);
  });

  it("the instance's own limiter tells how long to wait", async () => {
    await using instance = await instanceThatSays({
      status: 429,
      headers: { "retry-after": "7" },
      text: "<h1>Too many</h1>",
    });
    expect(await instance.fail({ query: "q" })).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", retryAfterMs: 7000 });
  });

  it.each([
    ["freshness", { freshness: "2026-01-01..2026-01-31" }],
    ["country", { country: "AT" }],
  ])("%s that SearXNG cannot honour is refused before anything is sent", async (argument, input) => {
    await using instance = await instanceThatSays({ json: nothing });
    const error = await instance.fail({ query: "q", ...input });
    expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: [{ path: argument }] });
    expect(instance.upstream.requests).toEqual([]);
  });

  it("a server without base_url does not open, and says why", async () => {
    await expect(openServer(webSearch, { config: searxng })).rejects.toMatchObject({
      code: "CONFIGURATION_ERROR",
      message: expect.stringContaining("base_url") as string,
    });
  });
});
