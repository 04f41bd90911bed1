/** Brave Search: its own index, `GET /res/v1/web/search`. */
import { z, type HttpResponse } from "../../../src/index.ts";
import { bodyOf } from "../body-of.ts";
import { cannot } from "../cannot.ts";
import { withSites } from "../domains.ts";
import { parseFreshness } from "../freshness.ts";
import { plainText } from "../plain-text.ts";
import type { Provider } from "../provider.ts";
import { toDay } from "../to-day.ts";

const text = z.string().nullish();
const Answer = z.object({
  query: z.object({ more_results_available: z.boolean().nullish() }).nullish(),
  web: z
    .object({
      results: z.array(z.object({ title: text, url: text, description: text, page_age: text, age: text })),
    })
    .nullish(),
});

// `detail` is what Brave sends, `message` what descriptions of its API say.
const Failure = z.object({
  error: z.object({
    code: text,
    detail: text,
    message: text,
    meta: z.object({ quota_limit: z.number().nullish(), quota_current: z.number().nullish() }).nullish(),
  }),
});

const SPANS = { day: "pd", week: "pw", month: "pm", year: "py" } as const;
/** Languages that Brave writes in its own way; with a region only where it tells them apart. */
const LANGUAGES: Readonly<Record<string, string>> = { ja: "jp", no: "nb", pt: "pt-br", zh: "zh-hans" };
const REGIONAL: Readonly<Record<string, string>> = {
  "en-gb": "en-gb",
  "pt-br": "pt-br",
  "pt-pt": "pt-pt",
  "zh-hans": "zh-hans",
  "zh-hant": "zh-hant",
  "zh-cn": "zh-hans",
  "zh-tw": "zh-hant",
  "zh-hk": "zh-hant",
};
const CREDENTIAL_CODES = /^SUBSCRIPTION_(TOKEN|NOT_FOUND)|^INVALID_TOKEN/;

export const brave: Provider = {
  title: "Brave Search",
  baseUrl: "https://api.search.brave.com/res/v1",
  apiKeyPlace: { headerName: "X-Subscription-Token" },
  request: (search) => {
    const q = withSites(search);
    if (q.length > 400 || q.split(/\s+/).length > 50) {
      throw cannot(
        "query",
        "Brave takes 400 characters and 50 words, domains included",
        "fewer words or fewer domains",
      );
    }
    if (search.page > 10) throw cannot("page", "Brave gives at most 10 pages", "a page from 1 to 10");
    const freshness = search.freshness === undefined ? undefined : parseFreshness(search.freshness);
    return {
      method: "GET",
      path: "/web/search",
      query: {
        q,
        count: search.limit,
        // Counts pages, not results.
        offset: search.page - 1,
        freshness: freshness && ("span" in freshness ? SPANS[freshness.span] : `${freshness.from}to${freshness.to}`),
        country: search.country?.toUpperCase(),
        search_lang: search.language === undefined ? undefined : languageOf(search.language),
        safesearch: search.safe,
        result_filter: "web",
        text_decorations: false,
      },
    };
  },
  read: (answer, { page }) => {
    const { web, query } = answer.as(Answer);
    return {
      results: (web?.results ?? []).map((result) => ({
        title: plainText(result.title),
        url: result.url ?? "",
        snippet: plainText(result.description),
        published: toDay(result.page_age) ?? toDay(result.age),
        score: null,
      })),
      more: page < 10 && (query?.more_results_available ?? false),
    };
  },
  readError: (answer) => {
    if (answer.status < 400) return undefined;
    const error = bodyOf(answer, Failure)?.error;
    const said = error?.detail ?? error?.message ?? `status ${answer.status}`;
    if (answer.status === 401 || CREDENTIAL_CODES.test(error?.code ?? "")) {
      return { kind: "credential_refused", message: "Brave refuses the subscription token of this server." };
    }
    if (answer.status === 429) return limitOf(answer, error?.code ?? "", error?.meta ?? {});
    if (answer.status === 403) {
      return {
        kind: "forbidden",
        message: `Brave does not allow this: ${said}.`,
        suggestion: "Search without the special arguments; otherwise an operator has to change the Brave plan.",
      };
    }
    if (answer.status === 400 || answer.status === 422) {
      return {
        kind: "wrong_request",
        message: `Brave does not accept the search: ${said}.`,
        suggestion: "Check country and language, which Brave takes from its own lists, or leave them out.",
      };
    }
    return undefined;
  },
};

function languageOf(language: string): string {
  const lower = language.toLowerCase();
  const [base = lower] = lower.split("-");
  return REGIONAL[lower] ?? LANGUAGES[base] ?? base;
}

/** Brave counts in two windows at once, told as "second, month"; a month's limit of 0 means there is none. */
function limitOf(
  answer: HttpResponse,
  code: string,
  meta: { quota_limit?: number | null | undefined; quota_current?: number | null | undefined },
): ReturnType<Provider["readError"]> {
  const [, monthLimit = 0] = numbersIn(answer.headers["x-ratelimit-limit"]);
  const [, monthRemaining] = numbersIn(answer.headers["x-ratelimit-remaining"]);
  const [secondReset, monthReset] = numbersIn(answer.headers["x-ratelimit-reset"]);
  const isUsedUp =
    code.includes("QUOTA") ||
    (monthLimit > 0 && monthRemaining === 0) ||
    (meta.quota_limit != null && meta.quota_limit > 0 && (meta.quota_current ?? 0) >= meta.quota_limit);
  const resetSeconds = isUsedUp ? monthReset : secondReset;
  const wait = resetSeconds === undefined ? {} : { retryAfterMs: resetSeconds * 1000 };
  return isUsedUp
    ? {
        kind: "rate_limited",
        message: "Brave's quota of this month is used up.",
        suggestion: "Use another search server; an operator can raise the Brave plan.",
        retryable: false,
        ...wait,
      }
    : { kind: "rate_limited", message: "Brave's limit of searches per second is reached.", ...wait };
}

function numbersIn(list: string | undefined): number[] {
  return (list?.match(/\d+/g) ?? []).map(Number);
}
