/** How long a server asks callers to wait, in every spelling seen. */
import { expect, it } from "vitest";
import { retryAfterOf } from "../../src/outbound/retry-after.ts";

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const DAY = 86_400_000;

it.each([
  ["seconds", "7", 7000],
  ["parts of a second", "0.5", 500],
  ["nothing to wait for", "0", 0],
  ["a date", "Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
  ["a date of the old form", "Sunday, 22-Nov-26 12:00:30 GMT", 30_000],
  ["a date that has passed", "Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ["an ISO time", "2026-11-22T12:01:00Z", 60_000],
  ["the header sent twice", "120, 60", 120_000],
  ["seconds since 1970", String(now / 1000 + 5), 5000],
  ["milliseconds since 1970", String(now + 5000), 5000],
  ["more than a day", "999999", DAY],
  ["white space around", " 3 ", 3000],
  ["a negative number", "-5", undefined],
  ["a sentence", "in 5 minutes", undefined],
  ["a sentence that begins like a date", "Wait 5 minutes", undefined],
  ["nothing", "", undefined],
])("Retry-After as %s", (_, text, waitMs) => {
  expect(retryAfterOf({ "retry-after": text }, now)).toBe(waitMs);
});

it("a reset counts only when nothing remains", () => {
  expect(retryAfterOf({ "x-ratelimit-reset": "9", "x-ratelimit-remaining": "0" }, now)).toBe(9000);
  expect(retryAfterOf({ "ratelimit-reset": "9", "ratelimit-remaining": "0" }, now)).toBe(9000);
  expect(retryAfterOf({ "x-ratelimit-reset": "9", "x-ratelimit-remaining": "1" }, now)).toBeUndefined();
  expect(retryAfterOf({ "x-ratelimit-reset": "9" }, now)).toBeUndefined();
});

it("Retry-After goes before a reset, and a server that says nothing asks for nothing", () => {
  const both = { "retry-after": "1", "x-ratelimit-reset": "9", "x-ratelimit-remaining": "0" };
  expect(retryAfterOf(both, now)).toBe(1000);
  expect(retryAfterOf({}, now)).toBeUndefined();
});
