/** Refuses what a web page of another origin made a browser send, and requests for another host on loopback. */
import type { RequestHeaders } from "../gateway.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";

const LOOPBACK_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * `AUTHORIZATION_ERROR`. Browsers name their intent in `Sec-Fetch-Site` and `Origin` (Fetch Metadata, W3C); other
 * clients send neither and pass. On a loopback address the `Host` must be loopback too, against DNS rebinding.
 */
export function refuseCrossOrigin(request: RequestHeaders, isLoopback: boolean): void {
  const host = request.header("host");
  if (isLoopback && host !== undefined && !LOOPBACK_NAMES.test(host)) {
    throw refusal("The Host header does not name this machine.");
  }
  const site = request.header("sec-fetch-site");
  if (site !== undefined) {
    // A navigation that only opens a page (GraphiQL from a link) is harmless: nothing it gets can be read by the origin.
    const opensPage =
      request.header("sec-fetch-mode") === "navigate" && request.header("sec-fetch-dest") === "document";
    if (site !== "same-origin" && site !== "none" && !opensPage)
      throw refusal("Requests of other web sites are not accepted.");
    return;
  }
  const origin = request.header("origin");
  if (origin !== undefined && hostOf(origin) !== host) throw refusal("Requests of other web sites are not accepted.");
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

function refusal(message: string): CatalogueError {
  return new CatalogueError("AUTHORIZATION_ERROR", message, {
    acted: "no",
    suggestion: "Call the gateway from a program or from a page of its own origin.",
  });
}
