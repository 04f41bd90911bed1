/** SearXNG: one's own instance, which asks many engines, `GET /search?format=json`. */
import { z, type ServerFailure } from "../../../src/index.ts";
import { bodyOf } from "../body-of.ts";
import { cannot } from "../cannot.ts";
import { withSites } from "../domains.ts";
import { parseFreshness } from "../freshness.ts";
import { plainText } from "../plain-text.ts";
import type { Provider, Search } from "../provider.ts";
import { toDay } from "../to-day.ts";

const text = z.string().nullish();
const Answer = z.object({
  results: z.array(
    z.object({ title: text, url: text, content: text, publishedDate: text, score: z.number().nullish() }),
  ),
});

const Silence = z.object({
  results: z.array(z.unknown()).length(0),
  unresponsive_engines: z.array(z.tuple([z.string(), z.string()], z.unknown())).min(1),
});

const SAFE = { off: 0, moderate: 1, strict: 2 } as const;

export const searxng: Provider = {
  title: "SearXNG",
  // An instance has no keys of its own; a proxy in front of it may.
  apiKeyPlace: { headerName: "X-API-Key" },
  request: (search) => ({
    method: "GET",
    path: "/search",
    query: {
      q: withSites(search),
      format: "json",
      pageno: search.page,
      time_range: timeRangeOf(search),
      language: languageOf(search),
      safesearch: search.safe && SAFE[search.safe],
    },
  }),
  read: (answer) => {
    const { results } = answer.as(Answer);
    return {
      results: results.map((result) => ({
        title: plainText(result.title),
        url: result.url ?? "",
        snippet: plainText(result.content),
        published: toDay(result.publishedDate),
        score: result.score ?? null,
      })),
      // An instance never says whether there is another page: engines are asked until one is empty.
      more: results.length > 0,
    };
  },
  readError: (answer) => {
    if (answer.status === 403 && !answer.text.trimStart().startsWith("{")) {
      return {
        kind: "forbidden",
        message: "This SearXNG instance does not give JSON.",
        suggestion: "An operator has to add 'json' to search.formats in the instance's settings.yml and restart it.",
      };
    }
    if (answer.status === 429) {
      return {
        kind: "rate_limited",
        message: "The limiter of this SearXNG instance refuses more searches for now.",
        suggestion: "Wait, then search again; an operator can let the gateway's address pass in limiter.toml.",
      };
    }
    return answer.status === 200 ? silenceOf(bodyOf(answer, Silence)) : undefined;
  },
};

/** An instance whose engines all failed answers 200 without results: that is not "nothing found". */
function silenceOf(answer: z.output<typeof Silence> | undefined): ServerFailure | undefined {
  if (!answer) return undefined;
  const engines = answer.unresponsive_engines.map(([engine, reason]) => ({ engine, reason }));
  const details = { unresponsive_engines: engines };
  const isLimited = engines.some(({ reason }) => /too many requests|suspended|captcha/i.test(reason));
  return isLimited
    ? {
        kind: "rate_limited",
        message: "The engines behind this SearXNG instance refuse more searches for now.",
        suggestion: "Wait some minutes, then search again, or use another search server.",
        details,
      }
    : { kind: "server", message: "The engines behind this SearXNG instance failed, so nothing was found.", details };
}

function timeRangeOf({ freshness }: Search): string | undefined {
  const parsed = freshness === undefined ? undefined : parseFreshness(freshness);
  if (!parsed) return undefined;
  if ("span" in parsed) return parsed.span;
  throw cannot("freshness", "SearXNG knows no range of dates", "day, week, month or year");
}

/** SearXNG has no country of its own: it is the region of the language. */
function languageOf({ language, country }: Search): string | undefined {
  if (country === undefined) return language;
  if (language === undefined) {
    throw cannot("country", "SearXNG takes a country only with a language", "language as well, or no country");
  }
  return `${language.split("-")[0]}-${country.toUpperCase()}`;
}
