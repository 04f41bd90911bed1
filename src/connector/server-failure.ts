/** What a server said went wrong, in the gateway's own words: one kind, mapped in one place to a catalogue error. */
import { CatalogueError, type Acted } from "../errors/catalogue-error.ts";
import type { ErrorCode } from "../errors/catalogue.ts";

/** The kinds a vendor's error can be of. A connector's `readError` picks one; everything else follows from it. */
export type FailureKind =
  | "credential_refused"
  | "forbidden"
  | "not_found"
  | "wrong_request"
  | "conflict"
  | "gone"
  | "rate_limited"
  | "server";

export interface ServerFailure {
  readonly kind: FailureKind;
  /** Says what went wrong and what to do next; never a secret or an internal host. */
  readonly message: string;
  readonly details?: unknown;
  readonly suggestion?: string;
  readonly retryAfterMs?: number;
  /** Overrides the kind's rule, for example `false` for a quota that is used up for the month. */
  readonly retryable?: boolean;
  readonly acted?: Acted;
}

const kinds: Record<FailureKind, { code: ErrorCode; status: number; acted: Acted }> = {
  credential_refused: { code: "MCP_AUTHENTICATION_FAILURE", status: 502, acted: "no" },
  forbidden: { code: "MCP_CLIENT_ERROR", status: 403, acted: "no" },
  not_found: { code: "MCP_CLIENT_ERROR", status: 404, acted: "no" },
  wrong_request: { code: "MCP_CLIENT_ERROR", status: 400, acted: "no" },
  conflict: { code: "MCP_CLIENT_ERROR", status: 409, acted: "no" },
  gone: { code: "MCP_CLIENT_ERROR", status: 410, acted: "no" },
  rate_limited: { code: "MCP_RATE_LIMIT_EXCEEDED", status: 429, acted: "no" },
  server: { code: "MCP_SERVER_ERROR", status: 502, acted: "unknown" },
};

/** The kind that an HTTP status stands for when the connector has nothing more exact to say. */
export function failureKindOf(status: number): FailureKind {
  if (status === 401 || status === 407) return "credential_refused";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 410) return "gone";
  if (status === 429) return "rate_limited";
  return status >= 400 && status < 500 ? "wrong_request" : "server";
}

/**
 * Builds the catalogue error of a failure. A real 4xx of the server keeps its status; an error inside a 200 takes its kind's.
 *
 * @example
 * throw serverFailure({ kind: "not_found", message: "There is no channel C1." }, { status: 200, body: answer });
 */
export function serverFailure(failure: ServerFailure, answer: { status: number; body?: unknown }): CatalogueError {
  const { code, status, acted } = kinds[failure.kind];
  const keepsStatus = code === "MCP_CLIENT_ERROR" && answer.status >= 400 && answer.status < 500;
  return new CatalogueError(code, failure.message, {
    status: keepsStatus ? answer.status : status,
    serverStatusCode: answer.status,
    acted: failure.acted ?? acted,
    ...(answer.body !== undefined && { serverErrorDetails: answer.body }),
    ...(failure.details !== undefined && { details: failure.details }),
    ...(failure.suggestion !== undefined && { suggestion: failure.suggestion }),
    ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    ...(failure.retryable !== undefined && { retryable: failure.retryable }),
  });
}
