/** The one error class that may reach a caller: a catalogue code with what this occurrence adds to it. */
import { catalogue, type CatalogueEntry, type ErrorCode } from "./catalogue.ts";

/** Whether the server behind a tool may have acted before the failure: retries of writes depend on it. */
export type Acted = "no" | "yes" | "unknown";

export interface CatalogueErrorOptions {
  /** Structured facts for the caller, for example `[{path, problem, expected}]` with the path as one text, `fields.0`. Never a secret, a stack or an internal host. */
  readonly details?: unknown;
  /** Overrides the catalogue's rule; leave it out unless this occurrence is known to differ. */
  readonly retryable?: boolean;
  /** Milliseconds to wait before another try. */
  readonly retryAfterMs?: number;
  /** What the caller should do next, when more exact than the catalogue's text. */
  readonly suggestion?: string;
  /** HTTP status that the server behind the tool answered. */
  readonly serverStatusCode?: number;
  /** What the server said of its failure, as data, capped by whoever sets it. */
  readonly serverErrorDetails?: unknown;
  /** HTTP status of this answer, where the catalogue leaves it open. */
  readonly status?: number;
  /** Did the server act? `unknown` unless stated. */
  readonly acted?: Acted;
  readonly cause?: unknown;
}

/**
 * A failure of the catalogue.
 *
 * @example
 * throw new CatalogueError("ROUTING_ERROR", "There is no server 'jria'.", { details: { nearest: ["jira"] } });
 */
export class CatalogueError extends Error {
  override readonly name = "CatalogueError";
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly retryAfterMs: number | undefined;
  readonly suggestion: string;
  readonly serverStatusCode: number | undefined;
  readonly serverErrorDetails: unknown;
  readonly status: number;
  readonly acted: Acted;
  readonly #retryable: boolean | undefined;

  constructor(code: ErrorCode, message: string, options: CatalogueErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry: CatalogueEntry = catalogue[code];
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    const notActed = options.acted === "no" ? entry.suggestionIfNotActed : undefined;
    this.suggestion = options.suggestion ?? notActed ?? entry.suggestion;
    this.serverStatusCode = options.serverStatusCode;
    this.serverErrorDetails = options.serverErrorDetails;
    this.status = options.status ?? entry.status;
    this.acted = options.acted ?? "unknown";
    this.#retryable = options.retryable;
  }

  /** The catalogue's family name, for example `Validation Error`. */
  get type(): string {
    return catalogue[this.code].type;
  }

  /** May the caller send the same call again? `if-safe` errors are retryable for reads, and for writes that did not happen. */
  isRetryable(effect: "read" | "write" | "destructive" = "write"): boolean {
    if (this.#retryable !== undefined) return this.#retryable;
    const rule: RetryRuleOf = catalogue[this.code].retryable;
    return rule === "yes" || (rule === "if-safe" && (effect === "read" || this.acted === "no"));
  }
}

type RetryRuleOf = CatalogueEntry["retryable"];

/** Turns anything thrown into a catalogue error; what is not one is our defect and becomes `API_INTERNAL_ERROR`. */
export function toCatalogueError(thrown: unknown): CatalogueError {
  if (thrown instanceof CatalogueError) return thrown;
  return new CatalogueError("API_INTERNAL_ERROR", "The gateway failed while handling this call.", { cause: thrown });
}
