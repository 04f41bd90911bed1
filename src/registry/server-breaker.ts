/** One circuit breaker a server: after too many failures calls are refused for a while, so that a sick server can recover. */
import { EventEmitter } from "node:events";
import CircuitBreaker from "opossum";
import type { Logger } from "pino";
import type { ServerSettings } from "../config/settings.ts";
import { catalogue, type ErrorCode } from "../errors/catalogue.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { evidenceOf } from "./breaker-evidence.ts";

export type CircuitState = "closed" | "open" | "half_open";

/** One failure of a server, as operators see it: nothing that the server or a caller wrote. */
export interface RecentError {
  readonly code: ErrorCode;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Most failures remembered for display. */
const MAX_RECENT = 10;
/** When to ask again while somebody else's call tries the server, milliseconds. */
const PROBE_RETRY_MS = 1_000;
const SUCCEEDED = Promise.resolve();
/** Outcomes count for ten of these, milliseconds. */
const BUCKET_MS = 1_000;
const BUCKETS = 10;

/**
 * opossum keeps the window, the threshold and the timer. It is told outcomes, not given calls: it would count a call as
 * soon as it begins, and a caller's fault as a success, so that a stream of bad requests could hide a dead server.
 */
export class ServerBreaker {
  readonly #settings: ServerSettings;
  readonly #log: Logger;
  readonly #recent: RecentError[] = [];
  #breaker: CircuitBreaker<[CatalogueError | undefined], void>;
  readonly #clock = new EventEmitter();
  readonly #timer: NodeJS.Timeout;
  /** Of the newest bucket, not in it yet. */
  #successes = 0;
  #since = new Date();
  /** On the monotonic clock, milliseconds. */
  #openedAt = 0;
  /** Calls that began before the last change of state say nothing about the state since. */
  #epoch = 0;
  #isProbing = false;

  constructor(settings: ServerSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#breaker = this.#create();
    this.#timer = setInterval(() => {
      this.#countSuccesses();
      this.#clock.emit("rotate");
    }, BUCKET_MS).unref();
  }

  get state(): CircuitState {
    if (this.#breaker.halfOpen) return "half_open";
    return this.#breaker.opened ? "open" : "closed";
  }

  /** When the state last changed. */
  get since(): Date {
    return this.#since;
  }

  /** The server's latest failures, newest first. */
  get recentErrors(): readonly RecentError[] {
    return this.#recent;
  }

  /** Runs the call, or refuses it with `MCP_CIRCUIT_OPEN`. Of a half-open circuit exactly one call at a time tries the server. */
  fire<T>(call: () => Promise<T>): Promise<T> {
    if (this.state !== "closed") return this.#probe(call);
    const epoch = this.#epoch;
    return call().then(
      (output) => {
        if (epoch === this.#epoch) this.#successes += 1;
        return output;
      },
      async (error: unknown) => {
        await this.#judge(error, false, epoch);
        throw error;
      },
    );
  }

  /** A call that comes while the circuit is not closed. */
  async #probe<T>(call: () => Promise<T>): Promise<T> {
    if (this.state === "open") throw this.#refusal(this.#openedAt + this.#resetTimeoutMs - performance.now());
    if (this.#isProbing) throw this.#refusal(PROBE_RETRY_MS);
    this.#isProbing = true;
    const epoch = this.#epoch;
    try {
      const output = await call();
      if (epoch === this.#epoch) await this.#tell(undefined);
      return output;
    } catch (error) {
      await this.#judge(error, true, epoch);
      throw error;
    } finally {
      if (epoch === this.#epoch) this.#isProbing = false;
    }
  }

  /** An operator knows better: the circuit is closed and what failed so far is forgotten for the threshold. */
  reset(): void {
    if (this.#breaker.isShutdown) return;
    this.#breaker.shutdown();
    this.#breaker = this.#create();
    this.#changed("circuit reset");
  }

  close(): void {
    clearInterval(this.#timer);
    this.#breaker.shutdown();
  }

  get #resetTimeoutMs(): number {
    return this.#settings.circuitBreaker.resetTimeoutMs;
  }

  #create(): CircuitBreaker<[CatalogueError | undefined], void> {
    const { errorThresholdPercentage, volumeThreshold } = this.#settings.circuitBreaker;
    const breaker = new CircuitBreaker(report, {
      // The deadline stage ends calls; here are only outcomes.
      timeout: false,
      errorThresholdPercentage,
      resetTimeout: this.#resetTimeoutMs,
      volumeThreshold,
      rollingCountTimeout: BUCKETS * BUCKET_MS,
      rollingCountBuckets: BUCKETS,
      rotateBucketController: this.#clock,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      name: this.#settings.id,
    });
    breaker.on("open", () => {
      this.#openedAt = performance.now();
      this.#changed("circuit open");
    });
    breaker.on("halfOpen", () => this.#changed("circuit half open"));
    breaker.on("close", () => this.#changed("circuit closed"));
    return breaker;
  }

  #changed(what: string): void {
    this.#epoch += 1;
    this.#successes = 0;
    this.#isProbing = false;
    this.#since = new Date();
    const [last] = this.#recent;
    if (what === "circuit open") {
      this.#log.warn({ retry_after_ms: this.#resetTimeoutMs, ...(last && { error_code: last.code }) }, what);
    } else this.#log.info(what);
  }

  async #judge(error: unknown, isProbe: boolean, epoch: number): Promise<void> {
    const evidence = evidenceOf(error);
    if (evidence === "sick") this.#remember(error as CatalogueError);
    if (epoch !== this.#epoch) return;
    if (evidence === "sick") await this.#tell(error as CatalogueError);
    // A server that says no is there again; it did not fail.
    else if (evidence === "answered" && isProbe) await this.#tell(undefined);
  }

  /** The state may change by it: awaited, so that it has changed before the caller hears of the outcome. */
  async #tell(failure: CatalogueError | undefined): Promise<void> {
    this.#countSuccesses();
    if (!this.#breaker.isShutdown) await this.#breaker.fire(failure).catch(() => {});
  }

  /**
   * In a closed circuit only the window's share of failures changes: they are put into it together, before a failure is
   * judged and before the next bucket begins. Told of each, opossum would keep a number of it for percentiles nobody asks for.
   */
  #countSuccesses(): void {
    const [bucket] = this.#breaker.status.window;
    if (!bucket) return;
    bucket.fires += this.#successes;
    bucket.successes += this.#successes;
    this.#successes = 0;
  }

  #remember(error: CatalogueError): void {
    const { code, serverStatusCode } = error;
    const message =
      serverStatusCode === undefined ? catalogue[code].raisedWhen : `The server answered ${serverStatusCode}.`;
    this.#recent.unshift({ code, message, at: new Date().toISOString() });
    if (this.#recent.length > MAX_RECENT) this.#recent.pop();
  }

  #refusal(waitMs: number): CatalogueError {
    return new CatalogueError(
      "MCP_CIRCUIT_OPEN",
      `Server '${this.#settings.id}' failed too often; calls to it are paused. Nothing was sent.`,
      { retryAfterMs: Math.max(1, Math.ceil(waitMs)), acted: "no" },
    );
  }
}

/** What opossum "runs": an outcome that is known already. */
function report(failure: CatalogueError | undefined): Promise<void> {
  if (failure) throw failure;
  return SUCCEEDED;
}
