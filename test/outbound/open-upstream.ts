/** An upstream under test, bound to one call. */
import type { HttpClient } from "../../src/connector/http-client.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { noCredential } from "../../src/outbound/authorizer.ts";
import { HttpUpstream, type HttpUpstreamOptions } from "../../src/outbound/http-upstream.ts";

export interface OpenedUpstream extends AsyncDisposable {
  readonly http: HttpClient;
}

export function openUpstream(
  baseUrl: string,
  options: Partial<HttpUpstreamOptions> = {},
  signal: AbortSignal = AbortSignal.timeout(10_000),
): OpenedUpstream {
  const upstream = new HttpUpstream({ baseUrl, authorizer: noCredential, config: undefined, ...options });
  return {
    http: upstream.client({ signal, requestId: "r-1" }),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

/** The catalogue error that a request ends with; anything else fails the test. */
export async function failureOf(request: Promise<unknown>): Promise<CatalogueError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof CatalogueError) return error;
    throw error;
  }
  throw new Error("the request was expected to fail");
}
