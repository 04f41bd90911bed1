/** One circuit breaker a server: after too many failures calls are refused for a while, so that a sick server can recover. */
import CircuitBreaker from "opossum";
import type { Logger } from "pino";
import type { ServerSettings } from "../config/settings.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";

/** The cause of an error that is nobody's fault but the caller's leaving; breakers do not count it. */
export const CALLER_GONE = Symbol("caller gone");

export interface ServerBreaker {
  /** Runs the call, or refuses it with `MCP_CIRCUIT_OPEN`. */
  fire<T>(call: () => Promise<T>): Promise<T>;
  readonly state: "closed" | "open" | "half_open";
  close(): void;
}

/** Only what says that the server itself is sick counts; a caller's fault or a used-up limit does not. */
function isServerFault(error: unknown): boolean {
  return (
    error instanceof CatalogueError &&
    error.cause !== CALLER_GONE &&
    (error.code === "MCP_CONNECTION_ERROR" || error.code === "MCP_SERVER_ERROR")
  );
}

export function createBreaker(settings: ServerSettings, log: Logger): ServerBreaker {
  const { errorThresholdPercentage, resetTimeoutMs, volumeThreshold } = settings.circuitBreaker;
  let openedAt = 0;
  const breaker = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    // The deadline stage ends calls; a second timer in the breaker would only cost.
    timeout: false,
    errorThresholdPercentage,
    resetTimeout: resetTimeoutMs,
    volumeThreshold,
    errorFilter: (error: unknown) => !isServerFault(error),
    name: settings.id,
  });
  breaker.on("open", () => {
    openedAt = Date.now();
    log.warn({ retry_after_ms: resetTimeoutMs }, "circuit open");
  });
  breaker.on("close", () => log.info("circuit closed"));
  return {
    async fire<T>(call: () => Promise<T>): Promise<T> {
      try {
        return (await breaker.fire(call)) as T;
      } catch (error) {
        if ((error as { code?: unknown } | undefined)?.code !== "EOPENBREAKER") throw error;
        const retryAfterMs = Math.max(1, openedAt + resetTimeoutMs - Date.now());
        throw new CatalogueError(
          "MCP_CIRCUIT_OPEN",
          `Server '${settings.id}' failed too often; calls to it are paused. Nothing was sent.`,
          { retryAfterMs, acted: "no" },
        );
      }
    },
    get state() {
      if (breaker.halfOpen) return "half_open";
      return breaker.opened ? "open" : "closed";
    },
    close: () => breaker.shutdown(),
  };
}
