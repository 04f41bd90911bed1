/** One configured MCP server: keeps it connected, its tools current and its status known. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { CallToolResult, PriorDiscovery, Tool as Definition } from "@modelcontextprotocol/client";
import type { ServerContext, ServerSession, Tool, ToolRun } from "../../src/index.ts";
import { buildTool } from "./build-tool.ts";
import { callError, notConnected } from "./call-error.ts";
import { Connection, PROBE_MS } from "./connection.ts";
import { connectReason } from "./connect-reason.ts";
import { eraMemory } from "./era-memory.ts";
import { isSessionLost } from "./http-transport.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { McpConfig } from "./config.ts";
import { targetKey, targetOf, type Target } from "./target.ts";

/** Wait before connecting again, doubled at each failure. A connection that held long makes good for them. Milliseconds. */
const BACKOFF = { firstMs: 100, mostMs: 30_000, forgivenAfterMs: 60_000 };
/** A package runner may have to download the server at its first start. Milliseconds. */
const PROCESS_START_MS = 60_000;
const LEGACY: PriorDiscovery = { kind: "legacy" };

export class McpSession implements ServerSession {
  tools: readonly Tool[] = [];
  readonly #server: ServerContext<McpConfig>;
  readonly #target: Target;
  readonly #key: string;
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #connection: Connection | undefined;
  /** Of the list that `tools` was made of. */
  #fingerprint = fingerprintOf([]);
  /** The next try is then with the older handshake. */
  #diedAtProbe = false;
  /** Why the last try to connect failed. */
  #trouble: string | undefined;
  /** The server said that its list changed since it was read. */
  #stale = false;
  #relisting = false;
  /** Nobody has read `tools` before the session was handed out. */
  #announces = false;
  /** Replaced each time a try to connect has ended, well or not. */
  #tried = Promise.withResolvers<void>();

  constructor(server: ServerContext<McpConfig>) {
    this.#server = server;
    this.#target = targetOf(server);
    this.#key = targetKey(this.#target, server.authorizer.credentialId);
    this.#kept = this.#keepConnected().catch((error: unknown) => {
      // A defect here must show up, not end the process.
      server.log.error({ err: error }, "the gateway stopped connecting to the server");
      server.statusChanged("DEGRADED", "The gateway stopped connecting to the server; the log has the detail.");
    });
  }

  /** Waits for the first try to connect, but no longer than a call may take; it then goes on in the background. */
  async settled(): Promise<void> {
    const { timeoutMs } = this.#server;
    const timer = new AbortController();
    const late = delay(timeoutMs, "late" as const, { signal: timer.signal, ref: false });
    const outcome = await Promise.race([this.#tried.promise, late.catch(() => {})]);
    timer.abort();
    this.#announces = true;
    if (outcome === "late") {
      this.#server.statusChanged(
        "DEGRADED",
        `The server is not ready after ${timeoutMs} ms; the gateway keeps trying.`,
      );
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await this.#kept;
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      const next = await this.#connect(failures);
      if (next === undefined) {
        failures += 1;
      } else {
        const since = Date.now();
        const reason = await next.lost;
        if (signal.aborted) break;
        failures = Date.now() - since > BACKOFF.forgivenAfterMs ? 0 : failures + 1;
        this.#server.log.warn({ reason }, "connection to the server was lost");
        // A process is gone for good; over HTTP the next call may well succeed, so the old connection stays until then.
        if (this.#target.kind === "process") {
          this.#connection = undefined;
          this.#server.statusChanged("DEGRADED", reason);
          await next.close();
        }
      }
      const waitMs = Math.min(BACKOFF.firstMs * 2 ** Math.max(0, failures - 1), BACKOFF.mostMs);
      // Half of it by chance: many servers that went down together do not come back together.
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
    this.#tried.resolve();
  }

  async #connect(failures: number): Promise<Connection | undefined> {
    const prior = eraMemory.recall(this.#key) ?? (this.#diedAtProbe ? LEGACY : undefined);
    const startedAt = Date.now();
    this.#stale = false;
    let connection = this.#newConnection(prior);
    try {
      let definitions: readonly Definition[];
      try {
        definitions = await connection.open();
      } catch (error) {
        eraMemory.forget(this.#key);
        const { transport } = connection;
        // Some servers end at the first message they do not know, which the newest handshake is to them.
        this.#diedAtProbe = !prior && transport instanceof StdioTransport && transport.ended !== undefined;
        if (!this.#diedAtProbe || failures > 0 || this.#closing.signal.aborted) throw error;
        this.#diedAtProbe = false;
        connection = this.#newConnection(LEGACY);
        definitions = await connection.open();
      }
      // A slow start may have been taken for an old server: only a quick verdict is kept.
      if (connection.isLegacy && Date.now() - startedAt < PROBE_MS) eraMemory.rememberLegacy(this.#key);
      if (this.#closing.signal.aborted) {
        await connection.close();
        return undefined;
      }
      this.#connection?.retire();
      this.#connection = connection;
      this.#use(connection, definitions);
      this.#trouble = undefined;
      this.#server.statusChanged("READY");
      if (this.#stale) void this.#relist();
      return connection;
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      const reason = connectReason(error, connection.transport, this.#target, this.#startLimitMs);
      // Tried every half minute for as long as it takes: only news is worth a warning.
      this.#server.log[reason === this.#trouble ? "debug" : "warn"](
        { err: error, reason },
        "server cannot be connected",
      );
      this.#trouble = reason;
      this.#server.statusChanged("DEGRADED", reason);
      return undefined;
    } finally {
      this.#tried.resolve();
      this.#tried = Promise.withResolvers();
    }
  }

  get #startLimitMs(): number {
    return this.#target.kind === "process"
      ? Math.max(this.#server.timeoutMs, PROCESS_START_MS)
      : this.#server.timeoutMs;
  }

  #newConnection(prior: PriorDiscovery | undefined): Connection {
    const connection: Connection = new Connection({
      server: this.#server,
      target: this.#target,
      prior,
      timeoutMs: this.#startLimitMs,
      signal: this.#closing.signal,
      onToolsChanged: () => this.#toolsChanged(connection),
    });
    return connection;
  }

  #toolsChanged(connection: Connection): void {
    this.#stale = true;
    // While a connection is being opened its first list is still to come.
    if (connection === this.#connection) void this.#relist();
  }

  /** Takes over a list. Tools are made anew only when something changed: their checks and the graph hang on them. */
  #use(connection: Connection, definitions: readonly Definition[]): void {
    const fingerprint = fingerprintOf(definitions);
    if (fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    const call = (definition: Definition, run: ToolRun) => this.#call(definition, run);
    const { log } = this.#server;
    this.tools = definitions.map((definition) =>
      buildTool(definition, { notes: connection.notesOf(definition.name), call, log }),
    );
    if (this.#announces) this.#server.toolsChanged();
  }

  /** Reads the list again, once more when it changed meanwhile. */
  async #relist(): Promise<void> {
    if (this.#relisting) return;
    this.#relisting = true;
    try {
      for (let current = this.#connection; this.#stale && current; current = this.#connection) {
        this.#stale = false;
        const definitions = await current.list();
        if (current === this.#connection) this.#use(current, definitions);
        else this.#stale = true;
      }
    } catch (error) {
      this.#server.log.warn({ err: error }, "changed tool list cannot be read");
    } finally {
      this.#relisting = false;
    }
  }

  async #call(definition: Definition, run: ToolRun): Promise<CallToolResult> {
    const connection = this.#connection;
    if (!connection) throw notConnected();
    try {
      return await connection.call(definition, run);
    } catch (error) {
      if (!isSessionLost(error, connection.sessionId)) throw this.#explain(error, definition, run);
    }
    // The server did nothing but forget the session (a restart): one more try on a new one is safe, even for a write.
    const { promise: tried } = this.#tried;
    connection.abandon("The server forgot the session.");
    if (this.#connection === connection) await Promise.race([tried, aborted(run.signal)]);
    const fresh = this.#connection;
    if (!fresh || fresh === connection || run.signal.aborted) throw notConnected();
    try {
      return await fresh.call(definition, run);
    } catch (error) {
      throw this.#explain(error, definition, run);
    }
  }

  #explain(error: unknown, definition: Definition, run: ToolRun): Error {
    const explained = callError(error, definition.name, run.signal, this.#server.timeoutMs);
    if (explained.code === "TOOL_NOT_SUPPORTED" && this.#connection) this.#toolsChanged(this.#connection);
    return explained;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Stands for a list when it is compared with the next: the text of 10,000 definitions would take 7 MB. */
function fingerprintOf(definitions: readonly Definition[]): string {
  const hash = createHash("sha256");
  for (const definition of definitions) hash.update(JSON.stringify(definition));
  return hash.digest("base64url");
}
