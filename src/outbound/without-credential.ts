/** Takes the gateway's credential out of what a server answered, before any of it is shown to a caller. */

/** Shorter values are no secrets, and taking them out would garble the text. */
const SHORTEST_SECRET = 8;

/**
 * Some servers repeat the address or the headers they were sent in their error pages. `credential` holds the values of
 * headers and query parameters that carry it, each as sent.
 *
 * @example
 * withoutCredential("bad key k-123456789", { key: "k-123456789" }); // "bad key [redacted]"
 */
export function withoutCredential(text: string, credential: Readonly<Record<string, string>>): string {
  let shown = text;
  for (const value of Object.values(credential)) {
    // "Bearer …" and "Basic …" are repeated with and without their scheme, parameters also percent-encoded.
    for (const part of new Set([value, value.slice(value.indexOf(" ") + 1), encodeURIComponent(value)])) {
      if (part.length >= SHORTEST_SECRET) shown = shown.replaceAll(part, "[redacted]");
    }
  }
  return shown;
}
