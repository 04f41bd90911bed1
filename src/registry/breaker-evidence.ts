/** What the outcome of a call says about the server's health, which is all that a circuit breaker may go by. */
import { CatalogueError } from "../errors/catalogue-error.ts";

/** The cause of an error that is nobody's fault but the caller's: it left, or gave the call too little time. */
export const CALLER_GONE = Symbol("caller gone");

/** Faults of this machine, not of the server it wanted to reach. */
const OUR_OWN: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"]);

/**
 * - `sick`: the server could not be reached, did not finish, or failed.
 * - `answered`: it refused the call (not found, forbidden, too many): no failure of it, but it is there.
 * - `nothing`: the server had no part in it (the caller left, the gateway has no free connection, a bad configuration).
 */
export function evidenceOf(error: unknown): "sick" | "answered" | "nothing" {
  if (!(error instanceof CatalogueError) || error.cause === CALLER_GONE || isOurOwn(error.cause)) return "nothing";
  if (error.code === "MCP_CONNECTION_ERROR" || error.code === "MCP_SERVER_ERROR") return "sick";
  return error.code === "MCP_CLIENT_ERROR" || error.serverStatusCode !== undefined ? "answered" : "nothing";
}

function isOurOwn(cause: unknown): boolean {
  for (let depth = 0; depth < 5 && typeof cause === "object" && cause !== null; depth += 1) {
    const { code, errors, cause: inner } = cause as { code?: unknown; errors?: unknown; cause?: unknown };
    if (OUR_OWN.has(code)) return true;
    cause = inner ?? (Array.isArray(errors) ? (errors[0] as unknown) : undefined);
  }
  return false;
}
