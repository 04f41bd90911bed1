/** Tavily: by its own description, run by Prism, and beside its own client library as a second witness. */
import { tavily as tavilyClient } from "@tavily/core";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type Answer } from "../../support/upstream.ts";
import { countryName } from "../../../connectors/web-search/providers/tavily-country.ts";
import { startPrism, type Prism } from "./prism.ts";
import { KEY, openSearchServer } from "./search-server.ts";

const shared = sharedFolder();
const description = join(shared ?? "", "contracts/tavily/tavily.openapi.json");
const tavily = (answer: Parameters<typeof openSearchServer>[1]) => openSearchServer({ provider: "tavily" }, answer);

const everyArgument = {
  query: "zod",
  limit: 5,
  page: 2,
  freshness: "2026-01-01..2026-01-31",
  country: "AT",
  safe: "strict",
  include_domains: ["zod.dev"],
  exclude_domains: ["example.org"],
};
const pageOf = (count: number) => ({
  query: "zod",
  answer: null,
  images: [],
  response_time: 1.2,
  results: Array.from({ length: count }, (_, index) => ({
    title: `Page ${index}`,
    url: `https://zod.dev/${index}`,
    content: `Chunk ${index}\n[...] List<String>`,
    score: 1 - index / 100,
    raw_content: null,
    published_date: "Tue, 10 Dec 2024 10:00:00 GMT",
  })),
});

describe.skipIf(!shared)("by Tavily's description (needs the shared test data: TOOLGRAPH_SHARED)", () => {
  let prism: Prism;
  beforeAll(async () => {
    prism = await startPrism(description);
  });
  afterAll(async () => {
    await prism[Symbol.asyncDispose]();
  });

  /**
   * Passes requests on to Prism, asking it for one status, and keeps what it found wrong with them. What it finds wrong
   * with the description's own answers is not ours.
   */
  async function throughPrism(status?: number) {
    const violations: string[] = [];
    const server = await tavily(async ({ path, body, headers }) => {
      const { authorization } = headers;
      const answer = await fetch(`${prism.url}${path}`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          ...(authorization !== undefined && { authorization }),
          ...(status !== undefined && { prefer: `code=${status}` }),
        },
      });
      const found = JSON.parse(answer.headers.get("sl-violations") ?? "[]") as {
        location: string[];
        message: string;
      }[];
      violations.push(...found.filter(({ location }) => location[0] === "request").map(({ message }) => message));
      return { status: answer.status, headers: { "content-type": "application/json" }, text: await answer.text() };
    });
    return { server, violations };
  }

  it.each([
    ["the plainest search", { query: "zod" }],
    ["every argument at once", everyArgument],
    ["the most results", { query: "zod", limit: 20, freshness: "day" }],
  ])("%s is what Tavily takes", async (_, input) => {
    const { server, violations } = await throughPrism();
    await using _server = server;
    await server.search(input);
    expect(server.requests).toHaveLength(1);
    expect(violations).toEqual([]);
  });

  it("Prism refuses what is wrong, so that its silence means something", async () => {
    const answer = await fetch(`${prism.url}/search`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ query: "zod", max_results: 21 }),
    });
    expect(answer.headers.get("sl-violations")).toContain("max_results");
    expect(answer.status).toBe(400);
  });

  it("the description's own result is read", async () => {
    const { server } = await throughPrism();
    await using _server = server;
    const { results } = await server.search({ query: "who is Leo Messi?" });
    expect(results[0]).toMatchObject({
      title: "Lionel Messi Facts | Britannica",
      url: "https://www.britannica.com/facts/Lionel-Messi",
      source: "britannica.com",
      score: 0.81025416,
      published: null,
    });
  });

  it.each([
    [400, "MCP_CLIENT_ERROR", 400, false],
    [401, "MCP_AUTHENTICATION_FAILURE", 502, false],
    [429, "MCP_RATE_LIMIT_EXCEEDED", 429, true],
    [432, "MCP_RATE_LIMIT_EXCEEDED", 429, false],
    [433, "MCP_RATE_LIMIT_EXCEEDED", 429, false],
    [500, "MCP_SERVER_ERROR", 502, true],
  ])("the described %i is %s", async (answered, code, status, isRetryable) => {
    const { server } = await throughPrism(answered);
    await using _server = server;
    const error = await server.fail({ query: "q" });
    expect(error).toMatchObject({ code, status, serverStatusCode: answered });
    expect(error.isRetryable("read")).toBe(isRetryable);
    expect(inspect(error, { depth: 10 })).not.toContain(KEY);
  });

  it("every country that Tavily knows is reached by a code", () => {
    const api = JSON.parse(readFileSync(description, "utf8")) as Description;
    const known = api.paths["/search"].post.requestBody.content["application/json"].schema.properties.country.enum;
    const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const codes = letters.flatMap((first) => letters.map((second) => first + second));
    const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    const reached = new Set(codes.filter((code) => regions.of(code) !== undefined).map(countryName));
    expect(known.filter((name) => !reached.has(name))).toEqual([]);
    expect(known.length).toBeGreaterThan(150);
  });
});

interface Description {
  paths: {
    "/search": {
      post: {
        requestBody: { content: { "application/json": { schema: { properties: { country: { enum: string[] } } } } } };
      };
    };
  };
}

it("Tavily's own client, asking the same server the same, finds the same", async () => {
  await using upstream = await startUpstream(() => ({ json: pageOf(6) }));
  const client = tavilyClient({ apiKey: KEY, apiBaseURL: upstream.url });
  const theirs = await client.search("zod", {
    maxResults: 6,
    searchDepth: "basic",
    includeDomains: ["zod.dev"],
    timeRange: "week",
  });
  await using server = await tavily({ json: pageOf(6) });
  const ours = await server.search({ query: "zod", limit: 5, include_domains: ["zod.dev"], freshness: "week" });

  expect(ours.results.map(({ title, url, score }) => ({ title, url, score }))).toEqual(
    theirs.results.slice(0, 5).map(({ title, url, score }) => ({ title, url, score })),
  );
  expect(ours.results.map(({ snippet }) => snippet)).toEqual(
    theirs.results.slice(0, 5).map(({ content }) => content.replaceAll("\n", " ")),
  );
  const [sentByThem, sentByUs] = [upstream.requests[0]!, server.requests[0]!];
  expect(sentByUs.path).toBe(sentByThem.path);
  expect(sentByUs.headers.authorization).toBe(sentByThem.headers.authorization);
  expect(JSON.parse(sentByThem.body)).toMatchObject(JSON.parse(sentByUs.body) as object);
});

it("every argument is brought to Tavily's form, with the key as a bearer token", async () => {
  await using server = await tavily({ json: pageOf(0) });
  await server.search(everyArgument);
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(JSON.parse(server.requests[0]!.body)).toEqual({
    query: "zod",
    search_depth: "basic",
    max_results: 11,
    start_date: "2026-01-01",
    end_date: "2026-01-31",
    country: "austria",
    safe_search: true,
    include_domains: ["zod.dev"],
    exclude_domains: ["example.org"],
  });
});

it("pages are cut out of one list, and the last one says so", async () => {
  await using server = await tavily((request) => ({
    json: pageOf(Math.min(12, (JSON.parse(request.body) as { max_results: number }).max_results)),
  }));
  const pages = [];
  for (const page of [1, 2, 3]) pages.push(await server.search({ query: "zod", limit: 5, page }));
  expect(pages.map(({ results, more }) => [results[0]?.title, results.length, more])).toEqual([
    ["Page 0", 5, true],
    ["Page 5", 5, true],
    ["Page 10", 2, false],
  ]);
});

it("a result is read with its day, and code in its text stays", async () => {
  await using server = await tavily({ json: pageOf(1) });
  expect((await server.search({ query: "zod" })).results).toEqual([
    {
      title: "Page 0",
      url: "https://zod.dev/0",
      snippet: "Chunk 0 [...] List<String>",
      published: "2024-12-10",
      source: "zod.dev",
      score: 1,
    },
  ]);
});

it.each([
  ["language", { language: "de" }],
  ["page", { page: 3, limit: 10 }],
  ["country", { country: "QX" }],
])("%s that Tavily cannot honour is refused before anything is sent", async (argument, input) => {
  await using server = await tavily({ json: pageOf(0) });
  const error = await server.fail({ query: "q", ...input });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: [{ path: argument }] });
  expect(server.requests).toEqual([]);
});

it.each([
  ["a sentence", { detail: "Query is too long." }, "Query is too long."],
  ["a list of faults", { detail: [{ loc: ["body", "country"], msg: "unknown" }] }, "body.country: unknown"],
  ["its own form", { detail: { error: "Invalid topic." } }, "Invalid topic."],
  ["no JSON", undefined, "status 422"],
])("a refusal given as %s is told", async (_, json, told) => {
  const answer: Answer = json === undefined ? { status: 422, text: "<html>" } : { status: 422, json };
  await using server = await tavily(answer);
  const error = await server.fail({ query: "q" });
  expect(error.code).toBe("MCP_CLIENT_ERROR");
  expect(error.message).toContain(told);
});

it("an option of another plan is a refusal that says which one", async () => {
  await using server = await tavily({ status: 403, json: { detail: { error: "Enterprise only" } } });
  const error = await server.fail({ query: "q", safe: "strict" });
  expect(error).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 403 });
  expect(error.suggestion).toContain("safe");
});
