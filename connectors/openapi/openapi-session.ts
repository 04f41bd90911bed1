/** One configured API: its tools as its document has them now, read again when the document changes. */
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { CatalogueError, type ServerContext, type ServerSession, type Tool } from "../../src/index.ts";
import type { OpenApiConfig } from "./config.ts";
import { loadDocument, type DocumentVersion, type LoadedDocument } from "./load-document.ts";
import { namedOperations, toolsOf } from "./read-tools.ts";
import { idlePatterns, selectOperations } from "./select-operations.ts";
import { serverAddress } from "./server-address.ts";

/** Wait before a document that could not be had is tried again, milliseconds. */
const RETRY_MS = 30_000;
/** Tools made before others have their turn. */
const TURN = 200;

export class OpenApiSession implements ServerSession {
  tools: readonly Tool[] = [];
  /** Where the API is served, by its document. */
  baseUrl: string | undefined;
  readonly #server: ServerContext<OpenApiConfig>;
  readonly #closing = new AbortController();
  #watching: Promise<void> | undefined;
  #version: DocumentVersion | undefined;
  #isOpen = false;
  #trouble: string | undefined;

  constructor(server: ServerContext<OpenApiConfig>) {
    this.#server = server;
  }

  /**
   * Never throws: a document that cannot be had leaves the server DEGRADED, and is tried again. Waits no longer than a call
   * may take; the document then comes when it comes.
   */
  async open(): Promise<this> {
    const { timeoutMs } = this.#server;
    const first = this.#refresh();
    const timer = new AbortController();
    const late = delay(timeoutMs, true, { signal: timer.signal, ref: false }).catch(() => false);
    const isLate = await Promise.race([first.then(() => false), late]);
    timer.abort();
    this.#isOpen = true;
    if (isLate)
      this.#server.statusChanged("DEGRADED", `The API document is not here after ${timeoutMs} ms; it is waited for.`);
    this.#watching = first.then(() => this.#watch());
    return this;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    const { refreshSeconds } = this.#server.config;
    while (!signal.aborted) {
      if (this.#trouble === undefined && refreshSeconds === 0) return;
      const waitMs =
        this.#trouble === undefined ? refreshSeconds * 1000 : Math.min(RETRY_MS, (refreshSeconds || 30) * 1000);
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.#refresh();
    }
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#closing;
    try {
      const loaded = await loadDocument(this.#server, this.#version, signal);
      if (signal.aborted) return;
      if (loaded) await this.#use(loaded);
      this.#trouble = undefined;
      if (this.#isOpen) this.#server.statusChanged("READY");
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  /** Takes over a document; throws `CONFIGURATION_ERROR` before anything has changed. */
  async #use({ document, url, version }: LoadedDocument): Promise<void> {
    const { config, baseUrl, log } = this.#server;
    const address = baseUrl === undefined ? serverAddress(document, url) : { baseUrl };
    if ("problem" in address) throw new CatalogueError("CONFIGURATION_ERROR", address.problem, { acted: "no" });
    const all = namedOperations(document);
    const isWanted = selectOperations(config);
    const wanted = all.filter(({ operation, name }) => isWanted(operation, name));
    const tools: Tool[] = [];
    for (const tool of toolsOf(document, wanted)) {
      if (tools.push(tool) % TURN === 0) await nextTurn();
    }
    this.baseUrl ??= address.baseUrl;
    // Its connections are made; moving them, and the credential, is an operator's decision.
    if (this.baseUrl !== address.baseUrl)
      log.warn("the API document names another address now; requests go to the first");
    this.tools = tools;
    this.#version = version;
    for (const pattern of idlePatterns([...(config.include ?? []), ...(config.exclude ?? [])], all)) {
      log.warn({ pattern }, "no operation of the API document fits this pattern");
    }
    log.info({ operations: all.length, tools: tools.length }, "API document read");
    if (this.#isOpen) this.#server.toolsChanged();
  }

  #failed(error: unknown): void {
    const reason =
      error instanceof CatalogueError ? error.message : "The API document cannot be read; the log has the detail.";
    const { log } = this.#server;
    // Tried again and again: only news is worth a warning.
    log[reason === this.#trouble ? "debug" : "warn"]({ err: error, reason }, "API document cannot be had");
    this.#trouble = reason;
    // Tools that were read once go on working.
    if (this.tools.length === 0) this.#server.statusChanged("DEGRADED", reason);
  }
}
