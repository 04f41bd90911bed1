/** The one shape that every search provider has: build the request, read the answer, read its errors. */
import type { z } from "zod";
import type { ApiKeyPlace, HttpRequestOptions, HttpResponse, ServerFailure } from "../../src/index.ts";
import type { SearchConfig } from "./config.ts";
import type { SearchInput } from "./search-contract.ts";

export type Search = z.output<typeof SearchInput>;

/** What a provider found, in plain text; which site each page is on is seen from its address. */
export interface Found {
  readonly results: readonly {
    readonly title: string;
    readonly url: string;
    readonly snippet: string;
    readonly published: string | null;
    readonly score: number | null;
  }[];
  readonly more: boolean;
}

/** What is sent; the credential is not the provider's business. */
export interface SearchRequest extends HttpRequestOptions {
  readonly method: "GET" | "POST";
  readonly path: string;
}

export interface Provider {
  readonly title: string;
  /** The vendor's address; absent where everybody runs their own. */
  readonly baseUrl?: string;
  readonly apiKeyPlace: ApiKeyPlace;
  /** Throws `VALIDATION_ERROR` for what the provider cannot do, saying what to do instead. */
  request(search: Search, config: SearchConfig): SearchRequest;
  read(answer: HttpResponse, search: Search): Found;
  readError(answer: HttpResponse): ServerFailure | undefined;
}
