/** What a search takes and gives, whichever provider answers. */
import { z } from "../../src/index.ts";
import { isFreshness } from "./freshness.ts";

const Domain = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, "must be a domain such as example.org, without scheme, port or path");

export const SearchInput = z.object({
  query: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .describe("What to search for, in words or with the usual search operators."),
  limit: z.int().min(1).max(20).default(10).describe("Most results of one page. Google gives at most 10."),
  page: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Page of the results, from 1. Keep query and limit the same while paging."),
  freshness: z
    .string()
    .refine(isFreshness, "must be day, week, month, year, or a range such as 2026-01-01..2026-01-31")
    .optional()
    .describe(
      "Only what was published lately: day, week, month or year; or between two dates: 2026-01-01..2026-01-31.",
    ),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, "must be a country code of two letters, such as AT")
    .optional()
    .describe("Prefer results from this country: ISO 3166 code of two letters."),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$/, "must be a language code such as de or pt-BR")
    .optional()
    .describe("Language of the results: ISO 639 code, with a region or script where it matters."),
  safe: z
    .enum(["off", "moderate", "strict"])
    .optional()
    .describe("Filter for adult content; the provider's own when left out."),
  include_domains: z
    .array(Domain)
    .max(100)
    .optional()
    .describe("Only results from these domains and their subdomains."),
  exclude_domains: z.array(Domain).max(100).optional().describe("No results from these domains and their subdomains."),
});

export const SearchOutput = z.object({
  results: z.array(
    z.object({
      title: z.string(),
      url: z.string(),
      snippet: z.string().describe("Plain text from or about the page."),
      published: z.string().nullable().describe("Day of publication as YYYY-MM-DD, where the provider tells it."),
      source: z.string().describe("Site that the page is on."),
      score: z.number().nullable().describe("The provider's own relevance, comparable within one answer only."),
    }),
  ),
  more: z.boolean().describe("Another page may have further results."),
});
