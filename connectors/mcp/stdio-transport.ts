/** MCP over the standard streams of a child process that is started, watched and surely ended. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { SdkError, SdkErrorCode, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/client";
import type { Logger } from "pino";
import type { CallLane } from "./call-lane.ts";
import { guardChild, killGroup } from "./child-guard.ts";
import { LineReader } from "./line-reader.ts";
import type { Json } from "./repair-tool.ts";
import { logStderr } from "./stderr-log.ts";
import type { ProcessTarget } from "./target.ts";

/** A process that goes on after its input closed is asked to end, then made to. Milliseconds since closing. */
const TERM_AFTER_MS = 700;
const KILL_AFTER_MS = 2_500;
/** What a process wrote last is read after its end, for so long. Milliseconds. */
const PIPES_AFTER_MS = 1_000;

/**
 * The SDK's own stdio transport probes a server's protocol era on a second process; this one is probed in place, so a
 * server is started once. It also puts the child into a process group of its own: `npx` starts others, and all must end.
 *
 * Spec: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** The SDK knows a pipe by the presence of `stderr` and `pid`: a silent probe then means an older server, not an outage. */
  readonly stderr = null;
  /** Takes its messages out before the SDK sees them. */
  lane: CallLane | undefined;
  /** How the process ended, once it has by itself. */
  ended: string | undefined;
  /** How many messages have come. */
  heard = 0;
  readonly #target: ProcessTarget;
  readonly #log: Logger;
  #child: ChildProcessWithoutNullStreams | undefined;
  #closing: Promise<void> | undefined;
  #unsent = "";

  constructor(target: ProcessTarget, log: Logger) {
    this.#target = target;
    this.#log = log;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async start(): Promise<void> {
    if (this.#closing) throw new SdkError(SdkErrorCode.ConnectionClosed, "Connection closed");
    const { command, args, env, cwd } = this.#target;
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      stdio: "pipe",
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#child = child;
    const lines = new LineReader(
      (line) => this.#receive(line),
      () => {
        this.#log.error("server sent a message over the size limit; its process is ended");
        killGroup(child.pid!, "SIGKILL");
      },
    );
    const release = child.pid === undefined ? () => {} : guardChild(child.pid);
    child.stdout.on("data", (chunk: Buffer) => lines.push(chunk));
    child.stdout.on("error", () => {});
    child.stdin.on("error", (error) => this.onerror?.(error));
    logStderr(child.stderr, this.#log, this.#target.secrets);
    child.once("exit", (code, signal) => {
      if (!this.#closing) this.ended = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      // What the process started itself would keep its pipes open and live on.
      killGroup(child.pid!, "SIGKILL");
      release();
      // One that left the group may still hold the pipes; running calls must not wait for it.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPES_AFTER_MS).unref();
    });
    child.once("close", () => {
      this.lane?.fail(new SdkError(SdkErrorCode.ConnectionClosed, "Connection closed"));
      this.onclose?.();
    });
    child.on("error", (error) => this.onerror?.(error));
    await once(child, "spawn");
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.write(JSON.stringify(message));
  }

  /** Sends one message that is JSON already. Throws `SdkError` where the process takes no more. */
  write(message: string): void {
    if (!this.#child?.stdin.writable) throw new SdkError(SdkErrorCode.NotConnected, "Not connected");
    if (this.#unsent === "") setImmediate(() => this.#flush());
    this.#unsent += `${message}\n`;
  }

  /** Messages of one turn of the event loop go out in one write: a write wakes the server, and costs more than its message. */
  #flush(): void {
    const text = this.#unsent;
    this.#unsent = "";
    if (this.#child?.stdin.writable) this.#child.stdin.write(text);
  }

  /** For a process that cannot be asked to end. It counts as one that ended by itself. */
  kill(): void {
    if (this.#child?.pid !== undefined) killGroup(this.#child.pid, "SIGKILL");
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { pid } = child;
    const exited = once(child, "exit");
    this.#flush();
    child.stdin.end();
    const term = setTimeout(() => killGroup(pid, "SIGTERM"), TERM_AFTER_MS);
    const kill = setTimeout(() => killGroup(pid, "SIGKILL"), KILL_AFTER_MS);
    await exited.finally(() => {
      clearTimeout(term);
      clearTimeout(kill);
    });
  }

  #receive(line: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      this.#log.debug({ line: line.slice(0, 200) }, "server wrote something that is no message to stdout");
      return;
    }
    // Revision 2025-03-26 allowed batches.
    for (const message of Array.isArray(parsed) ? parsed : [parsed]) {
      if (typeof message !== "object" || message === null) continue;
      this.heard += 1;
      try {
        if (!this.lane?.take(message as Json)) this.onmessage?.(message as JSONRPCMessage);
      } catch (error) {
        this.onerror?.(error as Error);
      }
    }
  }
}
