/** Tavily: a search made for agents, `POST /search`. */
import { z } from "../../../src/index.ts";
import { bodyOf } from "../body-of.ts";
import { cannot } from "../cannot.ts";
import { parseFreshness } from "../freshness.ts";
import { oneLine } from "../plain-text.ts";
import type { Provider, Search } from "../provider.ts";
import { countryName } from "./tavily-country.ts";
import { toDay } from "../to-day.ts";

const MOST_RESULTS = 20;

const text = z.string().nullish();
const Answer = z.object({
  results: z.array(
    z.object({ title: text, url: text, content: text, published_date: text, score: z.number().nullish() }),
  ),
});

// Its own errors are `{detail: {error}}`; its framework's are a sentence or a list of faults.
const Failure = z.object({
  detail: z.union([
    z.string(),
    z.object({ error: z.string() }).transform(({ error }) => error),
    z
      .array(z.object({ loc: z.array(z.union([z.string(), z.number()])).optional(), msg: z.string() }))
      .transform((faults) => faults.map(({ loc, msg }) => [loc?.join("."), msg].filter(Boolean).join(": ")).join("; ")),
  ]),
});

export const tavily: Provider = {
  title: "Tavily",
  baseUrl: "https://api.tavily.com",
  apiKeyPlace: { headerName: "Authorization", prefix: "Bearer " },
  request: (search) => {
    if (search.language !== undefined) {
      throw cannot("language", "Tavily cannot filter by language", "no language, and the query in that language");
    }
    if (search.page * search.limit > MOST_RESULTS) {
      throw cannot("page", `Tavily gives at most ${MOST_RESULTS} results`, `page × limit of at most ${MOST_RESULTS}`);
    }
    return {
      method: "POST",
      path: "/search",
      json: {
        query: search.query,
        search_depth: "basic",
        // There is no paging: all pages so far are asked for, and one result more to know whether there is another.
        max_results: Math.min(MOST_RESULTS, search.page * search.limit + 1),
        ...timeOf(search),
        ...(search.country !== undefined && { country: countryName(search.country) }),
        ...(search.safe !== undefined && search.safe !== "off" && { safe_search: true }),
        ...(search.include_domains && { include_domains: search.include_domains }),
        ...(search.exclude_domains && { exclude_domains: search.exclude_domains }),
      },
    };
  },
  read: (answer, { page, limit }) => {
    const { results } = answer.as(Answer);
    const first = (page - 1) * limit;
    return {
      results: results.slice(first, first + limit).map((result) => ({
        title: oneLine(result.title),
        url: result.url ?? "",
        snippet: oneLine(result.content),
        published: toDay(result.published_date),
        score: result.score ?? null,
      })),
      more: results.length > first + limit && (page + 1) * limit <= MOST_RESULTS,
    };
  },
  readError: (answer) => {
    if (answer.status < 400) return undefined;
    const said = bodyOf(answer, Failure)?.detail.replace(/[.\s]+$/, "") ?? `status ${answer.status}`;
    switch (answer.status) {
      case 400:
      case 422:
        return { kind: "wrong_request", message: `Tavily does not accept the search: ${said}.` };
      case 401:
        return { kind: "credential_refused", message: "Tavily refuses the API key of this server." };
      case 403:
        return {
          kind: "forbidden",
          message: `Tavily does not allow this: ${said}.`,
          suggestion: "Leave out `safe`, which needs Tavily's enterprise plan; otherwise ask an operator.",
        };
      case 429:
        return { kind: "rate_limited", message: "Tavily's limit of searches per minute is reached." };
      case 432:
      case 433:
        return {
          kind: "rate_limited",
          message:
            answer.status === 432
              ? "The usage limit of the Tavily plan or key is used up."
              : "Tavily's pay-as-you-go limit is used up.",
          suggestion: "Use another search server; an operator can raise the limit in Tavily's dashboard.",
          retryable: false,
        };
      default:
        return undefined;
    }
  },
};

function timeOf({ freshness }: Search): Record<string, string> {
  const parsed = freshness === undefined ? undefined : parseFreshness(freshness);
  if (!parsed) return {};
  return "span" in parsed ? { time_range: parsed.span } : { start_date: parsed.from, end_date: parsed.to };
}
