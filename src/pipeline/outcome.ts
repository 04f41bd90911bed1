/** What came of a write, as text that is kept and replayed: its output, or the error after which it may have happened. */
import { CatalogueError, type Acted } from "../errors/catalogue-error.ts";
import type { ErrorCode } from "../errors/catalogue.ts";

interface KeptError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: unknown;
  readonly suggestion: string;
  readonly serverStatusCode?: number;
  readonly serverErrorDetails?: unknown;
  readonly status: number;
  readonly acted: Acted;
}

type Kept = { readonly output: unknown } | { readonly error: KeptError };

export function outcomeOf(output: unknown): string {
  return JSON.stringify({ output } satisfies Kept);
}

export function outcomeOfError(error: CatalogueError): string {
  const { code, message, details, suggestion, serverStatusCode, serverErrorDetails, status, acted } = error;
  const kept: KeptError = {
    code,
    message,
    details,
    suggestion,
    ...(serverStatusCode !== undefined && { serverStatusCode }),
    serverErrorDetails,
    status,
    acted,
  };
  return JSON.stringify({ error: kept } satisfies Kept);
}

/** The output, or throws the error. A replayed error is final for its `request_id`, so it is never retryable. */
export function replay(outcome: string): unknown {
  const kept = JSON.parse(outcome) as Kept;
  if (!("error" in kept)) return kept.output;
  const { code, message, ...options } = kept.error;
  throw new CatalogueError(code, message, { ...options, retryable: false });
}
