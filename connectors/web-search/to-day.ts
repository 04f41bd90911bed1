/** Brings the many ways a provider writes a date to one: YYYY-MM-DD, or nothing when it is not clear. */

/**
 * Takes ISO 8601 (the day as written, whatever its zone), RFC 9110 dates and dates in English words.
 * Relative ages ("2 days ago") stay `null`: they would be another day with every reading.
 *
 * @example toDay("Tue, 10 Dec 2024 10:00:00 GMT") // "2024-12-10"
 */
export function toDay(text: string | null | undefined): string | null {
  if (!text) return null;
  const trimmed = text.trim().slice(0, 100);
  const written = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(trimmed)?.[0];
  if (written !== undefined) return dayOf(`${written}T00:00:00Z`, written);
  const isDated = /\b\d{4}\b/.test(trimmed) && /[A-Za-z]{3}/.test(trimmed);
  if (!isDated) return null;
  const hasZone = /(GMT|UTC|Z|[+-]\d{2}:?\d{2})$/.test(trimmed);
  // Without a zone the machine's own would count, and move the day.
  return dayOf(hasZone ? trimmed : `${trimmed} UTC`);
}

function dayOf(text: string, mustBe?: string): string | null {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return null;
  const day = new Date(time).toISOString().slice(0, 10);
  return mustBe === undefined || day === mustBe ? day : null;
}
