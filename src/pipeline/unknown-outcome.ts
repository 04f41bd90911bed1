/** Says of a failed write whether it may have happened, and tells the caller so. */
import type { Tool } from "../connector/tool.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { ErrorCode } from "../errors/catalogue.ts";

/** Raised before anything is sent, unless the error itself says that the server acted. */
const BEFORE_ACTING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "VALIDATION_ERROR",
  "AUTHENTICATION_FAILURE_API",
  "AUTHORIZATION_ERROR",
  "ROUTING_ERROR",
  "TOOL_NOT_SUPPORTED",
  "PAYLOAD_TOO_LARGE",
  "RATE_LIMIT_EXCEEDED",
  "MCP_RATE_LIMIT_EXCEEDED",
  "CONFIGURATION_ERROR",
  "MCP_AUTHENTICATION_FAILURE",
  "MCP_CIRCUIT_OPEN",
  "REQUEST_IN_PROGRESS",
]);

/** Did the write happen, or may it have? `false` only where it certainly did not. */
export function mayHaveActed(error: CatalogueError): boolean {
  if (error.acted === "unknown") return !BEFORE_ACTING.has(error.code);
  return error.acted === "yes";
}

/** Adds `details.outcome: "unknown"` and what to check, where nobody knows whether the write happened. */
export function tellUnknownOutcome(
  error: CatalogueError,
  call: { readonly serverId: string; readonly tool: Tool; readonly requestId: string | undefined },
): CatalogueError {
  if (error.acted !== "unknown" || !mayHaveActed(error)) return error;
  const { serverId, tool, requestId } = call;
  const again =
    requestId === undefined
      ? "Send it again only if it did not."
      : "The same request_id will give this answer again; to run it after all, send it with a new one.";
  return new CatalogueError(error.code, error.message, {
    details: {
      ...detailsOf(error.details),
      outcome: "unknown",
      check: `${tool.name} may have taken effect: look on '${serverId}' with a read tool whether it did. ${again}`,
    },
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    retryable: error.isRetryable(tool.idempotent ? "read" : tool.effect),
    suggestion: error.suggestion,
    ...(error.serverStatusCode !== undefined && { serverStatusCode: error.serverStatusCode }),
    serverErrorDetails: error.serverErrorDetails,
    status: error.status,
    acted: error.acted,
    cause: error.cause,
  });
}

function detailsOf(details: unknown): Record<string, unknown> {
  if (details === undefined || details === null) return {};
  if (typeof details === "object" && !Array.isArray(details)) return details as Record<string, unknown>;
  return { problems: details };
}
