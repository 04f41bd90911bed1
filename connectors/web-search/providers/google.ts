/** Google's Custom Search JSON API, which Google ends on 2027-01-01: kept for those who still have it. */
import { z, type ServerFailure } from "../../../src/index.ts";
import { bodyOf } from "../body-of.ts";
import { cannot } from "../cannot.ts";
import { withSites } from "../domains.ts";
import { parseFreshness } from "../freshness.ts";
import { plainText } from "../plain-text.ts";
import type { Provider, Search } from "../provider.ts";
import { toDay } from "../to-day.ts";

const END = Date.UTC(2027, 0, 1);
const MOST_ON_A_PAGE = 10;
const MOST_RESULTS = 100;

const text = z.string().nullish();
const Answer = z.object({
  items: z
    .array(
      z.object({
        title: text,
        link: text,
        snippet: text,
        pagemap: z.object({ metatags: z.array(z.record(z.string(), z.unknown())).nullish() }).nullish(),
      }),
    )
    .nullish(),
  queries: z.object({ nextPage: z.array(z.unknown()).nullish() }).nullish(),
});

const Failure = z.object({
  error: z.object({
    message: text,
    status: text,
    errors: z.array(z.object({ reason: text })).nullish(),
    details: z.array(z.object({ reason: text })).nullish(),
  }),
});

const SPANS = { day: "d1", week: "w1", month: "m1", year: "y1" } as const;
const CHINESE: Readonly<Record<string, string>> = { zh: "zh-CN", "zh-hans": "zh-CN", "zh-hant": "zh-TW" };
const DATED_BY = ["article:published_time", "datepublished", "date", "og:published_time", "dc.date"] as const;

export const google: Provider = {
  title: "Google Custom Search",
  baseUrl: "https://customsearch.googleapis.com",
  apiKeyPlace: { queryParamName: "key" },
  request: (search, { engineId }) => {
    const num = sizeOf(search);
    if (search.page * num > MOST_RESULTS) {
      throw cannot("page", `Google gives at most ${MOST_RESULTS} results`, `page × limit of at most ${MOST_RESULTS}`);
    }
    return {
      method: "GET",
      path: "/customsearch/v1",
      query: {
        cx: engineId,
        q: withSites(search),
        num,
        start: (search.page - 1) * num + 1,
        ...timeOf(search),
        gl: search.country?.toLowerCase(),
        lr: search.language && `lang_${languageOf(search.language)}`,
        safe: search.safe && (search.safe === "off" ? "off" : "active"),
      },
    };
  },
  read: (answer, search) => {
    const { items, queries } = answer.as(Answer);
    return {
      results: (items ?? []).map((item) => ({
        title: plainText(item.title),
        url: item.link ?? "",
        snippet: plainText(item.snippet),
        published: publishedOf(item.pagemap?.metatags?.[0] ?? {}),
        score: null,
      })),
      more: (queries?.nextPage?.length ?? 0) > 0 && (search.page + 1) * sizeOf(search) <= MOST_RESULTS,
    };
  },
  readError: (answer) => {
    if (answer.status < 400) return undefined;
    const error = bodyOf(answer, Failure)?.error;
    const said = (error?.message ?? `status ${answer.status}`).replace(/[.\s]+$/, "");
    const reasons = [...(error?.errors ?? []), ...(error?.details ?? [])].map(({ reason }) => reason ?? "").join(" ");
    return (
      credentialFailure(answer.status, reasons, said) ??
      limitFailure(answer.status, reasons, said) ??
      endOf(answer.status) ??
      otherFailure(answer.status, said)
    );
  },
};

function credentialFailure(status: number, reasons: string, said: string): ServerFailure | undefined {
  const isRefused =
    status === 401 ||
    /keyInvalid|keyExpired|API_KEY_|ipRefererBlocked/.test(reasons) ||
    /API key (not valid|expired)/i.test(said);
  return isRefused
    ? { kind: "credential_refused", message: "Google refuses the API key of this server, or its restrictions." }
    : undefined;
}

/** Google counts by day and by minute, with 403 in its older errors and 429 in its newer ones. */
function limitFailure(status: number, reasons: string, said: string): ServerFailure | undefined {
  if (status !== 429 && !/LimitExceeded|quotaExceeded|RATE_LIMIT_EXCEEDED/.test(reasons)) return undefined;
  const isDay = /dailyLimitExceeded|quotaExceeded/.test(reasons) || /per day|daily/i.test(said);
  return isDay
    ? {
        kind: "rate_limited",
        message: "Google's quota of searches for today is used up.",
        suggestion: "Use another search server; the quota is renewed at midnight Pacific time.",
        retryable: false,
      }
    : { kind: "rate_limited", message: "Google's limit of searches per minute is reached." };
}

function endOf(status: number): ServerFailure | undefined {
  const hasEnded = status === 410 || (Date.now() >= END && (status === 403 || status === 404));
  return hasEnded
    ? {
        kind: "gone",
        message: "Google ended the Custom Search JSON API on 2027-01-01.",
        suggestion: "Use another search server; an operator has to set provider to brave, tavily or searxng.",
      }
    : undefined;
}

function otherFailure(status: number, said: string): ServerFailure | undefined {
  if (status === 403) {
    return {
      kind: "forbidden",
      message: `Google does not allow this: ${said}.`,
      suggestion: "Use another search server. Google takes no new users of this API and ends it on 2027-01-01.",
    };
  }
  return status === 400 ? { kind: "wrong_request", message: `Google does not accept the search: ${said}.` } : undefined;
}

function sizeOf({ limit }: Pick<Search, "limit">): number {
  return Math.min(limit, MOST_ON_A_PAGE);
}

function timeOf({ freshness }: Search): Record<string, string> {
  const parsed = freshness === undefined ? undefined : parseFreshness(freshness);
  if (!parsed) return {};
  if ("span" in parsed) return { dateRestrict: SPANS[parsed.span] };
  return { sort: `date:r:${parsed.from.replaceAll("-", "")}:${parsed.to.replaceAll("-", "")}` };
}

function languageOf(language: string): string {
  const lower = language.toLowerCase();
  if (lower === "zh-tw" || lower === "zh-hk") return "zh-TW";
  return CHINESE[lower] ?? (lower.startsWith("zh") ? "zh-CN" : (lower.split("-")[0] ?? lower));
}

function publishedOf(metatags: Readonly<Record<string, unknown>>): string | null {
  for (const name of DATED_BY) {
    const value = metatags[name];
    const day = typeof value === "string" ? toDay(value) : null;
    if (day !== null) return day;
  }
  return null;
}
