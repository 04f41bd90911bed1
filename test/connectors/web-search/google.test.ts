/** Google's Custom Search JSON API: requests by Google's own description, errors in Google's form, and its end. */
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import webSearch from "../../../connectors/web-search/index.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import type { Answer } from "../../support/upstream.ts";
import { loadContract } from "./contract.ts";
import { KEY, openSearchServer } from "./search-server.ts";

const shared = sharedFolder();
const google = (answer: Answer) => openSearchServer({ provider: "google", engineId: "engine-1" }, answer);

const everyArgument = {
  query: "zod",
  limit: 10,
  page: 2,
  freshness: "week",
  country: "AT",
  language: "de-AT",
  safe: "moderate",
  include_domains: ["zod.dev", "github.com"],
  exclude_domains: ["example.org"],
};
const page = {
  kind: "customsearch#search",
  queries: { request: [{}], nextPage: [{ startIndex: 11 }] },
  items: [
    {
      title: "Zod",
      link: "https://zod.dev/",
      snippet: "Jul 9, 2026 ... The schema\nlibrary.",
      pagemap: { metatags: [{ "article:published_time": "2026-07-09T10:00:00Z" }] },
    },
    { title: "Undated", link: "https://github.com/colinhacks/zod", snippet: "Code" },
  ],
};

describe.skipIf(!shared)("by Google's description (needs the shared test data: TOOLGRAPH_SHARED)", () => {
  const contract = () => loadContract(join(shared ?? "", "contracts/google-cse/customsearch.openapi.json"));

  it.each([
    ["the plainest search", { query: "zod" }],
    ["every argument at once", everyArgument],
    ["a range of days", { query: "zod", freshness: "2026-01-01..2026-01-31", safe: "off" }],
  ])("%s is what Google takes", async (_, input) => {
    await using server = await google({ json: page });
    await server.search(input);
    expect((await contract()).faultsOf(server.requests[0]!)).toEqual([]);
  });

  it("the description refuses what is wrong, so that its silence means something", async () => {
    await using server = await google({ json: page });
    await server.search({ query: "zod" });
    const sent = server.requests[0]!;
    const { faultsOf } = await contract();
    expect(faultsOf({ ...sent, query: new URLSearchParams("q=zod&safe=yes") })).toHaveLength(1);
    expect(faultsOf({ ...sent, query: new URLSearchParams("q=zod&pageno=2") })).toHaveLength(1);
  });
});

it("every argument is brought to Google's form, with key and engine in the address", async () => {
  await using server = await google({ json: page });
  await server.search(everyArgument);
  expect(Object.fromEntries(server.requests[0]!.query)).toEqual({
    cx: "engine-1",
    key: KEY,
    q: "zod (site:zod.dev OR site:github.com) -site:example.org",
    num: "10",
    start: "11",
    dateRestrict: "w1",
    gl: "at",
    lr: "lang_de",
    safe: "active",
  });
});

it.each([
  ["2026-01-01..2026-01-31", "sort", "date:r:20260101:20260131"],
  ["year", "dateRestrict", "y1"],
])("freshness %s is Google's %s=%s", async (freshness, name, value) => {
  await using server = await google({ json: page });
  await server.search({ query: "q", freshness });
  expect(server.requests[0]!.query.get(name)).toBe(value);
});

it.each([
  ["zh-Hant", "lang_zh-TW"],
  ["zh", "lang_zh-CN"],
  ["pt-BR", "lang_pt"],
])("language %s is Google's %s", async (language, lr) => {
  await using server = await google({ json: page });
  await server.search({ query: "q", language });
  expect(server.requests[0]!.query.get("lr")).toBe(lr);
});

it("a page of results is read with the day that the page itself tells", async () => {
  await using server = await google({ json: page });
  expect(await server.search({ query: "zod" })).toEqual({
    results: [
      {
        title: "Zod",
        url: "https://zod.dev/",
        snippet: "Jul 9, 2026 ... The schema library.",
        published: "2026-07-09",
        source: "zod.dev",
        score: null,
      },
      {
        title: "Undated",
        url: "https://github.com/colinhacks/zod",
        snippet: "Code",
        published: null,
        source: "github.com",
        score: null,
      },
    ],
    more: true,
  });
});

it("more than ten results are ten a page, and pages follow each other without a gap", async () => {
  await using server = await google({ json: page });
  await server.search({ query: "q", limit: 20 });
  await server.search({ query: "q", limit: 20, page: 2 });
  expect(server.requests.map(({ query }) => [query.get("num"), query.get("start")])).toEqual([
    ["10", "1"],
    ["10", "11"],
  ]);
});

it("the hundredth result is the last: the next page is refused before anything is sent", async () => {
  await using server = await google({ json: page });
  expect((await server.search({ query: "q", page: 10 })).more).toBe(false);
  expect(await server.fail({ query: "q", page: 11 })).toMatchObject({
    code: "VALIDATION_ERROR",
    details: [{ path: "page" }],
  });
  expect(server.requests).toHaveLength(1);
});

it("nothing found is an answer without items", async () => {
  await using server = await google({ json: { kind: "customsearch#search", queries: { request: [{}] } } });
  expect(await server.search({ query: "q" })).toEqual({ results: [], more: false });
});

it("a google server without its engine is a fault of the configuration", () => {
  const { error } = webSearch.config.safeParse({ provider: "google" });
  expect(error?.issues).toMatchObject([{ path: ["engineId"] }]);
});

const failure = (code: number, status: string, reason: string, message: string): Answer => ({
  status: code,
  json: {
    error: { code, message, status, errors: [{ message, domain: "global", reason }], details: [{ reason: "" }] },
  },
});
const perDay =
  "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'customsearch.googleapis.com'";
const perMinute = perDay.replace("per day", "per minute per user");

it.each([
  [
    "a wrong key",
    failure(400, "INVALID_ARGUMENT", "badRequest", "API key not valid. Please pass a valid API key."),
    "MCP_AUTHENTICATION_FAILURE",
    502,
    false,
  ],
  [
    "an older form of a wrong key",
    failure(400, "INVALID_ARGUMENT", "keyInvalid", "Bad Request"),
    "MCP_AUTHENTICATION_FAILURE",
    502,
    false,
  ],
  ["no key", failure(401, "UNAUTHENTICATED", "required", "Login required"), "MCP_AUTHENTICATION_FAILURE", 502, false],
  [
    "a wrong argument",
    failure(400, "INVALID_ARGUMENT", "badRequest", "Request contains an invalid argument."),
    "MCP_CLIENT_ERROR",
    400,
    false,
  ],
  [
    "not allowed",
    failure(403, "PERMISSION_DENIED", "forbidden", "This project does not have the access"),
    "MCP_CLIENT_ERROR",
    403,
    false,
  ],
  [
    "the day's quota",
    failure(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", perDay),
    "MCP_RATE_LIMIT_EXCEEDED",
    429,
    false,
  ],
  [
    "the day's quota in its older form",
    failure(403, "", "dailyLimitExceeded", "Daily Limit Exceeded"),
    "MCP_RATE_LIMIT_EXCEEDED",
    429,
    false,
  ],
  [
    "the minute's limit",
    failure(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", perMinute),
    "MCP_RATE_LIMIT_EXCEEDED",
    429,
    true,
  ],
  [
    "the minute's limit in its older form",
    failure(403, "", "userRateLimitExceeded", "User Rate Limit Exceeded"),
    "MCP_RATE_LIMIT_EXCEEDED",
    429,
    true,
  ],
  ["its own fault", failure(503, "UNAVAILABLE", "backendError", "Backend Error"), "MCP_SERVER_ERROR", 502, true],
])("%s", async (_, answer, code, status, isRetryable) => {
  await using server = await google(answer);
  const error = await server.fail({ query: "q" });
  expect(error).toMatchObject({ code, status });
  expect(error.isRetryable("read")).toBe(isRetryable);
});

it("a server that repeats the address in its error does not give the key away", async () => {
  const message = `Bad request: https://customsearch.googleapis.com/customsearch/v1?q=q&key=${KEY}`;
  await using server = await google(failure(400, "INVALID_ARGUMENT", "badRequest", message));
  expect(inspect(await server.fail({ query: "q" }), { depth: 10 })).not.toContain(KEY);
});

describe("the end of the API", () => {
  afterEach(() => vi.useRealTimers());

  it.each([
    ["410", failure(410, "", "gone", "Gone")],
    ["404", failure(404, "NOT_FOUND", "notFound", "Method not found.")],
    ["403", failure(403, "PERMISSION_DENIED", "accessNotConfigured", "Custom Search API is disabled")],
  ])("after it, %s says that the API is gone and what to use", async (_, answer) => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-02T00:00:00Z") });
    await using server = await google(answer);
    const error = await server.fail({ query: "q" });
    expect(error.code).toBe("MCP_CLIENT_ERROR");
    expect(error.message).toContain("2027-01-01");
    expect(error.suggestion).toContain("another search server");
  });

  it("after it, a used-up quota is still a quota", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-02T00:00:00Z") });
    await using server = await google(failure(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", perDay));
    expect((await server.fail({ query: "q" })).code).toBe("MCP_RATE_LIMIT_EXCEEDED");
  });

  it("before it, 403 is a refusal that already names the end", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-12-31T23:59:59Z") });
    await using server = await google(failure(403, "PERMISSION_DENIED", "forbidden", "no access"));
    const error = await server.fail({ query: "q" });
    expect(error.message).toContain("no access");
    expect(error.suggestion).toContain("2027-01-01");
  });
});
