/** The log line of a request that was refused before a tool ran; what happens to a tool call is the pipeline's to log. */
import type { Logger } from "pino";
import type { CatalogueError } from "../errors/catalogue-error.ts";

/** A defect of ours with all its detail, a caller's fault with its code. */
export function logRefusal(log: Logger, error: CatalogueError, thrown: unknown, correlationId: string): void {
  const line = { component: "http", correlation_id: correlationId, error_code: error.code };
  if (error.code === "API_INTERNAL_ERROR") log.error({ ...line, err: thrown }, "request failed");
  // Authentication tells its refusals itself, with the exact reason.
  else if (error.code !== "AUTHENTICATION_FAILURE_API")
    log.warn({ ...line, error_message: error.message }, "request refused");
}
