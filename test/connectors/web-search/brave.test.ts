/** Brave: requests by a description of its API, errors in the form that its users have published. */
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { sharedFolder } from "../../support/shared-data.ts";
import type { Answer } from "../../support/upstream.ts";
import { loadContract } from "./contract.ts";
import { KEY, openSearchServer } from "./search-server.ts";

const shared = sharedFolder();
const brave = (answer: Answer) => openSearchServer({ provider: "brave" }, answer);

/** The longest wait that is told, though the month may have weeks to go. */
const DAY_MS = 86_400_000;
const everyArgument = {
  query: "zod",
  limit: 20,
  page: 3,
  freshness: "2026-01-01..2026-01-31",
  country: "at",
  language: "de-AT",
  safe: "strict",
  include_domains: ["zod.dev"],
  exclude_domains: ["example.org"],
};
const page = {
  type: "search",
  query: { original: "zod", more_results_available: true },
  web: {
    results: [
      {
        title: "Zod &amp; friends",
        url: "https://www.zod.dev/v4",
        description: "The <strong>schema</strong> library it&#x27;s about.",
        page_age: "2026-07-09T23:59:00",
        age: "July 9, 2026",
      },
      { title: "Older", url: "https://zod.dev/v3", description: "", age: "January 5, 2024" },
      { title: "Undated", url: "https://zod.dev/", age: "2 days ago" },
    ],
  },
};

describe.skipIf(!shared)("by the description of the API (needs the shared test data: TOOLGRAPH_SHARED)", () => {
  // Brave documents both; the third-party description leaves them out.
  const contract = () =>
    loadContract(join(shared ?? "", "contracts/brave/brave-search-api.api-evangelist.yml"), (document) => {
      document.paths?.["/web/search"]?.get?.parameters?.push(
        { name: "result_filter", in: "query", schema: { type: "string" } } as never,
        { name: "text_decorations", in: "query", schema: { type: "boolean" } } as never,
      );
    });

  it.each([
    ["the plainest search", { query: "zod" }],
    ["every argument at once", everyArgument],
    ["the last page", { query: "zod", page: 10, limit: 1 }],
  ])("%s is what Brave takes", async (_, input) => {
    await using server = await brave({ json: page });
    await server.search(input);
    expect((await contract()).faultsOf(server.requests[0]!)).toEqual([]);
  });

  it("the description refuses what is wrong, so that its silence means something", async () => {
    await using server = await brave({ json: page });
    await server.search({ query: "zod" });
    const sent = server.requests[0]!;
    const { faultsOf } = await contract();
    expect(faultsOf({ ...sent, query: new URLSearchParams("q=zod&count=21") })).toHaveLength(1);
    expect(faultsOf({ ...sent, query: new URLSearchParams("q=zod&safesearch=yes") })).toHaveLength(1);
    expect(faultsOf({ ...sent, query: new URLSearchParams("q=zod&colour=red") })).toHaveLength(1);
  });
});

it("every argument is brought to Brave's form, with the key in its header", async () => {
  await using server = await brave({ json: page });
  await server.search(everyArgument);
  const [request] = server.requests;
  expect(request!.path).toBe("/web/search");
  expect(request!.headers["x-subscription-token"]).toBe(KEY);
  expect(Object.fromEntries(request!.query)).toEqual({
    q: "zod site:zod.dev -site:example.org",
    count: "20",
    offset: "2",
    freshness: "2026-01-01to2026-01-31",
    country: "AT",
    search_lang: "de",
    safesearch: "strict",
    result_filter: "web",
    text_decorations: "false",
  });
});

it.each([
  ["day", "pd"],
  ["week", "pw"],
  ["month", "pm"],
  ["year", "py"],
])("freshness %s is Brave's %s", async (freshness, form) => {
  await using server = await brave({ json: page });
  await server.search({ query: "q", freshness });
  expect(server.requests[0]!.query.get("freshness")).toBe(form);
});

it.each([
  ["ja", "jp"],
  ["pt-BR", "pt-br"],
  ["pt", "pt-br"],
  ["zh-TW", "zh-hant"],
  ["en-US", "en"],
  ["en-GB", "en-gb"],
])("language %s is Brave's %s", async (language, form) => {
  await using server = await brave({ json: page });
  await server.search({ query: "q", language });
  expect(server.requests[0]!.query.get("search_lang")).toBe(form);
});

it("a page of results is read as plain text with days of publication", async () => {
  await using server = await brave({ json: page });
  expect(await server.search({ query: "zod" })).toEqual({
    results: [
      {
        title: "Zod & friends",
        url: "https://www.zod.dev/v4",
        snippet: "The schema library it's about.",
        published: "2026-07-09",
        source: "zod.dev",
        score: null,
      },
      {
        title: "Older",
        url: "https://zod.dev/v3",
        snippet: "",
        published: "2024-01-05",
        source: "zod.dev",
        score: null,
      },
      { title: "Undated", url: "https://zod.dev/", snippet: "", published: null, source: "zod.dev", score: null },
    ],
    more: true,
  });
});

it("the tenth page is the last, whatever Brave says; an answer without web results is empty", async () => {
  await using server = await brave({ json: page });
  expect((await server.search({ query: "q", page: 10 })).more).toBe(false);
  await using empty = await brave({ json: { type: "search", query: { original: "q" } } });
  expect(await empty.search({ query: "q" })).toEqual({ results: [], more: false });
});

it.each([
  ["page", { page: 11 }],
  ["query", { query: "x".repeat(401) }],
  ["query", { query: Array.from({ length: 51 }, () => "w").join(" ") }],
  ["query", { include_domains: Array.from({ length: 49 }, (_, index) => `site-number-${index}.example.org`) }],
])("%s over Brave's bounds is refused before anything is sent", async (argument, input) => {
  await using server = await brave({ json: page });
  const error = await server.fail({ query: "q", ...input });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", acted: "no", details: [{ path: argument }] });
  expect(server.requests).toEqual([]);
});

const failure = (status: number, code: string, detail: string, meta: object = {}): Answer => ({
  status,
  json: { type: "ErrorResponse", error: { id: "1", status, code, detail, meta }, time: 1_773_685_964 },
});

it.each([
  ["no token", failure(401, "SUBSCRIPTION_TOKEN_REQUIRED", "x"), "MCP_AUTHENTICATION_FAILURE", 502],
  [
    "a wrong token, answered as 422",
    failure(422, "SUBSCRIPTION_TOKEN_INVALID", "x"),
    "MCP_AUTHENTICATION_FAILURE",
    502,
  ],
  ["not in the plan", failure(403, "OPTION_NOT_IN_PLAN", "The option is not in the plan"), "MCP_CLIENT_ERROR", 403],
  ["not found", failure(404, "NOT_FOUND", "x"), "MCP_CLIENT_ERROR", 404],
  ["wrong parameters", failure(422, "VALIDATION", "Unable to validate request parameter(s)"), "MCP_CLIENT_ERROR", 422],
  [
    "wrong request, in the described form",
    { status: 400, json: { error: { code: "X", message: "no q" } } },
    "MCP_CLIENT_ERROR",
    400,
  ],
  ["its own fault", failure(500, "INTERNAL", "x"), "MCP_SERVER_ERROR", 502],
  ["its own fault, in HTML", { status: 502, text: "<h1>Bad gateway</h1>" }, "MCP_SERVER_ERROR", 502],
  ["a page where JSON should be", { text: "<html>login</html>" }, "DATA_TRANSFORMATION_ERROR", 502],
])("%s", async (_, answer, code, status) => {
  await using server = await brave(answer);
  const error = await server.fail({ query: "q" });
  expect(error).toMatchObject({ code, status });
  expect(inspect(error, { depth: 10 })).not.toContain(KEY);
});

it("a wrong parameter is told in Brave's words", async () => {
  await using server = await brave(failure(422, "VALIDATION", "Unable to validate request parameter(s)"));
  expect((await server.fail({ query: "q" })).message).toContain("Unable to validate request parameter(s)");
});

describe("limits, told for two windows at once", () => {
  const limited = (code: string, headers: Record<string, string>, meta: object = {}): Answer => ({
    ...failure(429, code, "Request rate limit exceeded for plan", meta),
    headers,
  });

  it("the limit of the second passes soon", async () => {
    await using server = await brave(
      limited("RATE_LIMITED", {
        "x-ratelimit-limit": "1, 2000",
        "x-ratelimit-remaining": "0, 1985",
        "x-ratelimit-reset": "1, 1419704",
      }),
    );
    const error = await server.fail({ query: "q" });
    expect(error).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, retryAfterMs: 1000 });
    expect(error.isRetryable("read")).toBe(true);
  });

  it("a month's limit of 0 means that there is none", async () => {
    await using server = await brave(
      limited("RATE_LIMITED", {
        "x-ratelimit-limit": "20, 0",
        "x-ratelimit-remaining": "0, 0",
        "x-ratelimit-reset": "1, 0",
      }),
    );
    expect((await server.fail({ query: "q" })).isRetryable("read")).toBe(true);
  });

  it.each([
    [
      "headers",
      limited("RATE_LIMITED", {
        "x-ratelimit-limit": "1, 2000",
        "x-ratelimit-remaining": "1, 0",
        "x-ratelimit-reset": "1, 1419704",
      }),
    ],
    ["code", limited("QUOTA_LIMITED", { "x-ratelimit-reset": "1, 1419704" })],
    [
      "meta",
      limited("RATE_LIMITED", { "x-ratelimit-reset": "1, 1419704" }, { quota_limit: 2000, quota_current: 2000 }),
    ],
  ])("the month's quota used up, by its %s, is not worth another try", async (_, answer) => {
    await using server = await brave(answer);
    const error = await server.fail({ query: "q" });
    expect(error).toMatchObject({ code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, retryAfterMs: DAY_MS });
    expect(error.isRetryable("read")).toBe(false);
  });
});
