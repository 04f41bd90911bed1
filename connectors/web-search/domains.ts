/** Keeps results to the domains a caller wants, for providers that know no list of domains. */
import type { Search } from "./provider.ts";

/**
 * The query with `site:` operators.
 *
 * @example withSites({ query: "zod", include_domains: ["a.org", "b.org"] }) // "zod (site:a.org OR site:b.org)"
 */
export function withSites(search: Pick<Search, "query" | "include_domains" | "exclude_domains">): string {
  const include = (search.include_domains ?? []).map((domain) => `site:${domain}`);
  const exclude = (search.exclude_domains ?? []).map((domain) => `-site:${domain}`);
  const included = include.length > 1 ? [`(${include.join(" OR ")})`] : include;
  return [search.query, ...included, ...exclude].join(" ");
}

/** Is the page on a wanted site? Engines take `site:` as a hint, so what they answer is checked. */
export function isWanted(url: string, search: Pick<Search, "include_domains" | "exclude_domains">): boolean {
  const host = hostOf(url);
  const isOn = (domain: string) => host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`);
  const { include_domains: include = [], exclude_domains: exclude = [] } = search;
  return (include.length === 0 || include.some(isOn)) && !exclude.some(isOn);
}

/** The site a page is on, without `www.`; empty for what is no address. */
export function sourceOf(url: string): string {
  return hostOf(url).replace(/^www\./, "");
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? "";
}
