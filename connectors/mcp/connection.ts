/** One live connection to an MCP server: handshake, tool list, calls, and word of when it is lost. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  Client,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  type CallToolResult,
  type PriorDiscovery,
  type Tool as Definition,
} from "@modelcontextprotocol/client";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerContext, ToolRun } from "../../src/index.ts";
import manifest from "../../package.json" with { type: "json" };
import { CallLane } from "./call-lane.ts";
import { HttpTransport } from "./http-transport.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { McpConfig } from "./config.ts";
import type { Target } from "./target.ts";
import { tellProgress } from "./tell-progress.ts";
import { ListRepairs, tolerant } from "./tolerant-transport.ts";

/** A server that says nothing to the newest handshake in this time gets the older one. Milliseconds. */
export const PROBE_MS = 5_000;
/** A process that has said nothing for so long after a call was given up is taken for hung. */
const HUNG_AFTER = { timeouts: 3, leastMs: 10_000 };
const CLIENT_INFO = { name: manifest.name, version: manifest.version };
const RELISTEN_MS = { first: 100, most: 30_000 };

export interface ConnectionOptions {
  readonly server: ServerContext<McpConfig>;
  readonly target: Target;
  /** What is known of the server's protocol era. */
  readonly prior: PriorDiscovery | undefined;
  /** Longest wait for each answer of the handshake, milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The server says that its tools changed. */
  onToolsChanged(): void;
}

export class Connection {
  readonly transport: StdioTransport | HttpTransport;
  /** Resolves with the reason once no further call can succeed, or only by luck. */
  readonly lost: Promise<string>;
  readonly #client: Client;
  readonly #options: ConnectionOptions;
  readonly #repairs: ListRepairs;
  readonly #closed = new AbortController();
  readonly #lose: (reason: string) => void;
  /** The short way to a process; over HTTP calls go through the SDK. */
  #lane: CallLane | undefined;
  #calls = 0;
  #isAsked = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    const { server, target } = options;
    const lost = Promise.withResolvers<string>();
    this.lost = lost.promise;
    this.#lose = lost.resolve;
    this.#options = options;
    this.#repairs = new ListRepairs(server.log);
    this.transport =
      target.kind === "process"
        ? new StdioTransport(target, server.log)
        : new HttpTransport(target, server.authorizer, () => this.#lose("The connection to the server was lost."));
    this.#client = new Client(CLIENT_INFO, {
      versionNegotiation: { mode: "auto", probe: { timeoutMs: Math.min(PROBE_MS, options.timeoutMs) } },
      // The gateway has nobody to ask: what a tool wants to know has to be in its arguments.
      inputRequired: { autoFulfill: false },
    });
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's client has no other way
    this.#client.onerror = (error) => server.log.trace({ err: error }, "mcp client");
    this.#client.setNotificationHandler("notifications/tools/list_changed", () => options.onToolsChanged());
  }

  get isLegacy(): boolean {
    return this.#client.getProtocolEra() === "legacy";
  }

  get sessionId(): string | undefined {
    return this.transport instanceof HttpTransport ? this.transport.sessionId : undefined;
  }

  /** Connects and reads the tools. Throws what the SDK or the network throws, with everything closed again. */
  async open(): Promise<readonly Definition[]> {
    const { timeoutMs, signal, prior } = this.#options;
    signal.throwIfAborted();
    const giveUp = () => void this.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await this.#client.connect(tolerant(this.transport, this.#repairs), {
        timeout: timeoutMs,
        signal,
        ...(prior && { prior }),
      });
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's client has no other way
      this.#client.onclose = () =>
        this.#lose(
          this.transport instanceof StdioTransport
            ? `The server's process ${this.transport.ended ?? "closed its output"}.`
            : "The connection was closed.",
        );
      this.#openLane();
      const capabilities = this.#client.getServerCapabilities();
      // Listening first: a change between the list and the stream would go unseen.
      if (capabilities?.tools?.listChanged && !this.isLegacy)
        await new Promise<void>((done) => void this.#listen(done));
      return capabilities?.tools ? await this.list() : [];
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Every tool of the server; one that cannot be used is left out with a line in the log. */
  async list(): Promise<readonly Definition[]> {
    this.#repairs.restart();
    // Its cache would keep the whole list as text, for calls that do not say what they call.
    const options = { timeout: this.#options.timeoutMs, signal: this.#closed.signal, cacheMode: "bypass" as const };
    return (await this.#client.listTools(undefined, options)).tools;
  }

  /** What was repaired in a tool of the last list. */
  notesOf(tool: string): readonly string[] {
    return this.#repairs.notesOf(tool);
  }

  async call(definition: Definition, run: ToolRun): Promise<CallToolResult> {
    this.#calls += 1;
    try {
      return await (this.#lane ? this.#lane.call(definition.name, run) : this.#callByHttp(definition, run));
    } catch (error) {
      if ((run.cancellation ?? run.signal).aborted) void this.#endIfHung();
      throw error;
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#onIdle?.();
    }
  }

  #callByHttp(definition: Definition, { input, signal, context }: ToolRun): Promise<CallToolResult> {
    const { trace } = context;
    return this.#client.callTool(
      { name: definition.name, arguments: input as Record<string, unknown>, ...(trace && { _meta: trace }) },
      {
        toolDefinition: definition,
        signal,
        timeout: this.#options.server.timeoutMs,
        headers: { "x-request-id": context.requestId },
        ...(context.hasListener !== false && { onprogress: (progress) => tellProgress(context, progress) }),
      },
    );
  }

  #openLane(): void {
    const { transport } = this;
    if (!(transport instanceof StdioTransport)) return;
    const envelope = {
      [PROTOCOL_VERSION_META_KEY]: this.#client.getNegotiatedProtocolVersion(),
      [CLIENT_INFO_META_KEY]: CLIENT_INFO,
      [CLIENT_CAPABILITIES_META_KEY]: {},
    };
    this.#lane = new CallLane({
      write: (message) => transport.write(message),
      timeoutMs: this.#options.server.timeoutMs,
      envelope: this.isLegacy ? undefined : envelope,
    });
    transport.lane = this.#lane;
  }

  /**
   * Asks a process whose call was given up whether it still lives, and ends it when nothing at all comes back: every
   * further call would be lost on it, while a new process can be started.
   */
  async #endIfHung(): Promise<void> {
    const { transport } = this;
    if (!(transport instanceof StdioTransport) || this.#isAsked) return;
    this.#isAsked = true;
    const { heard } = transport;
    const { log, timeoutMs } = this.#options.server;
    const timeout = Math.max(HUNG_AFTER.timeouts * timeoutMs, HUNG_AFTER.leastMs);
    const options = { timeout, signal: this.#closed.signal };
    try {
      await (this.isLegacy ? this.#client.ping(options) : this.#client.discover(options));
    } catch {
      // An error is an answer, too, and so is whatever else it said meanwhile.
      if (this.#closed.signal.aborted || transport.heard !== heard) return;
      log.warn({ silent_ms: timeout }, "server's process does not answer any more; it is ended");
      transport.kill();
    } finally {
      this.#isAsked = false;
    }
  }

  /** Lets running calls end, then closes. */
  retire(): void {
    this.#onIdle = () => void this.close();
    if (this.#calls === 0) this.#onIdle();
  }

  /** Gives up the connection, for example because the server forgot the session. */
  abandon(reason: string): void {
    this.#lose(reason);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#lose("The connection was closed.");
    await this.#client.close();
    // A client that never finished its handshake does not know its transport.
    await this.transport.close();
  }

  /**
   * Revision 2026-07-28 sends changes on a stream of their own, which ends whenever the server or a proxy wants to.
   * `tried` is called when the stream was opened, or could not be.
   */
  async #listen(tried: () => void): Promise<void> {
    const { signal } = this.#closed;
    for (let waitMs = RELISTEN_MS.first; !signal.aborted; waitMs = Math.min(waitMs * 2, RELISTEN_MS.most)) {
      const openedAt = Date.now();
      try {
        const subscription = await this.#client.listen(
          { toolsListChanged: true },
          { timeout: Math.min(PROBE_MS, this.#options.timeoutMs), signal },
        );
        // What changed while nobody listened is unknown.
        if (waitMs > RELISTEN_MS.first) this.#options.onToolsChanged();
        tried();
        if ((await subscription.closed) === "local") return;
      } catch (error) {
        tried();
        if (signal.aborted) return;
        if (error instanceof ProtocolError || this.transport instanceof StdioTransport) {
          this.#options.server.log.warn({ err: error }, "server does not send changes of its tool list");
          return;
        }
        this.#lose("The connection to the server was lost.");
        return;
      }
      if (Date.now() - openedAt > RELISTEN_MS.most) waitMs = RELISTEN_MS.first;
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
