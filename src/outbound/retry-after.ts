/** Reads how long a server asks callers to wait, from the standard header and the usual ones beside it. */

const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

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
  let waitMs: number;
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    const seconds = Number(trimmed);
    // A number of this size is a point in time (seconds since 1970), not a wait.
    waitMs = seconds > 1_000_000_000 ? seconds * 1000 - now : seconds * 1000;
  } else {
    waitMs = Date.parse(trimmed) - now;
  }
  return Number.isFinite(waitMs) ? Math.min(Math.max(0, Math.ceil(waitMs)), LONGEST_WAIT_MS) : undefined;
}
