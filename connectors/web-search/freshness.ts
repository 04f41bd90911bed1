/** How recent results must be: one of four spans, or a range of days. */

const SPANS = ["day", "week", "month", "year"] as const;
const RANGE = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

type Span = (typeof SPANS)[number];
/** Both days included, each as YYYY-MM-DD. */
export type Freshness = { readonly span: Span } | { readonly from: string; readonly to: string };

/** @example parseFreshness("2026-01-01..2026-01-31") // { from: "2026-01-01", to: "2026-01-31" } */
export function parseFreshness(text: string): Freshness | undefined {
  const span = SPANS.find((each) => each === text);
  if (span) return { span };
  const [, from, to] = RANGE.exec(text) ?? [];
  if (from === undefined || to === undefined) return undefined;
  return isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
}

export function isFreshness(text: string): boolean {
  return parseFreshness(text) !== undefined;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  // 30 February parses as 2 March: a day that does not come back as itself is not one.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
