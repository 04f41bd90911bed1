/** The live side of one configured server: its session, connection pool, breaker and health; shared by generations. */
import type { Logger } from "pino";
import type { Connector, ServerSession, ServerStatus } from "../connector/connector.ts";
import type { HttpClient } from "../connector/http-client.ts";
import type { Tool } from "../connector/tool.ts";
import type { ServerSettings } from "../config/settings.ts";
import { CatalogueError, toCatalogueError } from "../errors/catalogue-error.ts";
import { createAuthorizer } from "../outbound/create-authorizer.ts";
import { HttpUpstream, type UpstreamCall } from "../outbound/http-upstream.ts";
import { resolveRefs } from "../config/resolve-refs.ts";
import type { SecretResolver } from "../secrets/create-secret-resolver.ts";
import type { SharedTokens } from "../state/shared-tokens.ts";
import { RetryBudget } from "./retry-budget.ts";
import { ServerBreaker } from "./server-breaker.ts";

export interface ServerRuntimeOptions {
  readonly settings: ServerSettings;
  readonly connector: Connector | undefined;
  readonly secrets: SecretResolver;
  readonly tokens: SharedTokens;
  /** Folder of the configuration file. */
  readonly baseFolder: string;
  readonly log: Logger;
  /** Told when tools or health changed. */
  onChange(runtime: ServerRuntime): void;
}

/** Longest a retired server waits for its running calls before it is closed under them, milliseconds. */
const DRAIN_MS = 30_000;

export class ServerRuntime {
  readonly settings: ServerSettings;
  readonly connector: Connector | undefined;
  readonly breaker: ServerBreaker;
  readonly retryBudget = new RetryBudget();
  /** Part of cache keys: which credential results were read with. */
  credentialId = "none";
  #status: ServerStatus;
  #statusReason: string | undefined;
  #failure: CatalogueError | undefined;
  #session: ServerSession | undefined;
  #upstream: HttpUpstream | undefined;
  #reach: ((baseUrl: string) => HttpUpstream) | undefined;
  #running = 0;
  #retired = false;
  /** Resolves with true once a retired server has no running call, with false when the bound was over first. */
  readonly #idle = Promise.withResolvers<boolean>();
  #closed: Promise<boolean> | undefined;
  readonly #options: ServerRuntimeOptions;
  readonly #log: Logger;

  constructor(options: ServerRuntimeOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.connector = options.connector;
    this.#status = options.settings.isEnabled ? "STARTING" : "DISABLED";
    this.#log = options.log.child({ component: "server", server_id: options.settings.id });
    this.breaker = new ServerBreaker(options.settings, this.#log);
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Why the server is not READY. */
  get statusReason(): string | undefined {
    return this.#statusReason;
  }

  /** Why it could not be opened, as what callers of its tools get. */
  get failure(): CatalogueError | undefined {
    return this.#failure;
  }

  get tools(): readonly Tool[] {
    return this.#session?.tools ?? [];
  }

  /** Has it been opened? Not while it opens, and not after opening failed. */
  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** Opens the server. Never throws: a server that cannot be opened is DEGRADED with its reason and harms no other. */
  async open(): Promise<void> {
    if (!this.settings.isEnabled) return;
    try {
      await this.#open();
      if (this.#status === "STARTING") this.#setStatus("READY");
    } catch (error) {
      const failure = toCatalogueError(error);
      this.#failure = failure;
      if (failure.code === "API_INTERNAL_ERROR") this.#log.error({ err: error }, "opening the server failed");
      this.#setStatus("DEGRADED", failure.message);
    }
  }

  async #open(): Promise<void> {
    const { settings, connector, secrets, tokens } = this.#options;
    if (!connector) {
      throw new CatalogueError(
        "CONFIGURATION_ERROR",
        `Servers of type '${settings.type}' are not supported by this build.`,
      );
    }
    const authorizer = await createAuthorizer({ server: settings, connector, secrets, tokens });
    const resolved = await resolveRefs(settings.config, (ref) => secrets.resolve(ref));
    const parsed = connector.config.safeParse(resolved);
    if (!parsed.success) {
      throw new CatalogueError("CONFIGURATION_ERROR", "The server's server_specific_config is not usable.", {
        details: parsed.error.issues.map((issue) => ({ path: issue.path.map(String), problem: issue.message })),
      });
    }
    const baseUrl = settings.baseUrl ?? connector.baseUrl?.(parsed.data);
    this.credentialId = authorizer.credentialId;
    this.#reach = (url) =>
      new HttpUpstream({ baseUrl: url, authorizer, behaviour: connector.http, config: parsed.data });
    if (baseUrl !== undefined) this.#upstream = this.#reach(baseUrl);
    this.#session = await connector.open({
      id: settings.id,
      name: settings.name,
      config: parsed.data,
      customParameters: settings.customParameters,
      ...(baseUrl !== undefined && { baseUrl }),
      authorizer,
      timeoutMs: settings.timeoutMs,
      baseFolder: this.#options.baseFolder,
      log: this.#log,
      toolsChanged: () => this.#options.onChange(this),
      statusChanged: (status, reason) => this.#setStatus(status, reason),
    });
    // It was given up while it opened: nobody else will close it.
    if (this.#retired) await this.#session.close();
  }

  /** The HTTP client for one call; tools without an HTTP server get one that refuses. */
  http(call: UpstreamCall): HttpClient {
    const learnt = this.#upstream ? undefined : this.#session?.baseUrl;
    if (learnt !== undefined) this.#upstream = this.#reach?.(learnt);
    return this.#upstream?.client(call) ?? noHttp;
  }

  /** Marks a call as running, so that a retired server waits for it. Every `enter` is followed by one `leave`. */
  enter(): void {
    this.#running += 1;
  }

  leave(): void {
    this.#running -= 1;
    if (this.#retired && this.#running === 0) this.#idle.resolve(true);
  }

  get running(): number {
    return this.#running;
  }

  /** Closes the circuit by hand; `by` goes into the audit line. */
  resetCircuit(by: { readonly caller_id: string; readonly correlation_id: string }): void {
    this.#log.warn(
      { audit: true, action: "reset_circuit", was: this.breaker.state, ...by },
      "circuit reset by an operator",
    );
    this.breaker.reset();
  }

  /** Closes once the running calls have ended, or under them after a bound; true when they had ended. */
  retire(boundMs: number = DRAIN_MS): Promise<boolean> {
    this.#retired = true;
    this.#closed ??= this.#close();
    if (this.#running === 0) this.#idle.resolve(true);
    else {
      const timer = setTimeout(() => this.#idle.resolve(false), boundMs);
      void this.#idle.promise.then(() => clearTimeout(timer));
    }
    return this.#closed;
  }

  async #close(): Promise<boolean> {
    const ended = await this.#idle.promise;
    this.breaker.close();
    await Promise.allSettled([this.#session?.close(), this.#upstream?.close()]);
    return ended;
  }

  #setStatus(status: ServerStatus, reason?: string): void {
    if (this.#retired || (status === this.#status && reason === this.#statusReason)) return;
    this.#status = status;
    this.#statusReason = status === "READY" ? undefined : reason;
    this.#log[status === "DEGRADED" ? "warn" : "info"](
      { status, ...(reason !== undefined && { reason }) },
      "server status",
    );
    this.#options.onChange(this);
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new CatalogueError("CONFIGURATION_ERROR", "This server has no base_url, so it cannot be reached over HTTP."),
  );
const noHttp: HttpClient = { request: refuse, get: refuse, post: refuse, put: refuse, patch: refuse, delete: refuse };
