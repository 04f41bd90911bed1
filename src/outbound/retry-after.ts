/** Reads how long a server asks callers to wait, from the standard header and the usual ones beside it. */

const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
/** Date.parse would make a year out of any number it finds in a sentence. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[, ]|^\d{4}-\d{2}-\d{2}T/;

/**
 * Milliseconds to wait by `Retry-After` (RFC 9110 section 10.2.3: seconds or a date), else by `RateLimit-Reset` or
 * `X-RateLimit-Reset` (seconds, epoch seconds or ISO time) when nothing remains. `undefined` when the server says nothing.
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  const retryAfter = headers["retry-after"];
  if (retryAfter !== undefined) return waitOf(retryAfter, now);
  const reset = headers["ratelimit-reset"] ?? headers["x-ratelimit-reset"];
  const remaining = headers["ratelimit-remaining"] ?? headers["x-ratelimit-remaining"];
  return reset !== undefined && remaining?.trim() === "0" ? waitOf(reset, now) : undefined;
}

function waitOf(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  // A header sent twice arrives as a list; the first one counts.
  const [number] = /^\d+(\.\d+)?(?=$|\s*,)/.exec(trimmed) ?? [];
  const waitMs =
    number === undefined ? (DATE.test(trimmed) ? Date.parse(trimmed) - now : Number.NaN) : waitBy(Number(number), now);
  return boundedWait(waitMs);
}

/** A wait as it may be told to a caller: whole milliseconds, a day at most; `undefined` for what is no number. */
export function boundedWait(waitMs: number | undefined): number | undefined {
  if (waitMs === undefined || !Number.isFinite(waitMs)) return undefined;
  return Math.min(Math.max(0, Math.ceil(waitMs)), LONGEST_WAIT_MS);
}

/** A number may be a wait in seconds, or a point in time: seconds or milliseconds since 1970. */
function waitBy(value: number, now: number): number {
  if (value > 1_000_000_000_000) return value - now;
  return value > 1_000_000_000 ? value * 1000 - now : value * 1000;
}
