/** The waits that servers ask for: told to the other replicas and heard from them, looked up in this process alone. */
import { z } from "zod";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { errorOfText, textOfError } from "../errors/portable-error.ts";
import type { ServerEntry } from "../registry/server-entry.ts";
import type { Signals } from "../state/state-store.ts";

interface Pause {
  readonly error: CatalogueError;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}

const SIGNAL = "pause";
const Told = z.object({ server: z.string(), tool: z.string(), error: z.string() });
/** In place of a tool's name. */
const EVERY_TOOL = "";

export class ServerPauses {
  readonly #signals: Signals;
  /** server → tool → pause */
  readonly #pauses = new Map<string, Map<string, Pause>>();

  constructor(signals: Signals) {
    this.#signals = signals;
    signals.on(SIGNAL, (message, ageMs) => this.#hear(message, ageMs));
  }

  /** The server said, by this error, not to call it or one of its tools until its wait is over. */
  begin(server: ServerEntry, toolName: string | undefined, error: CatalogueError): void {
    const [key, tool] = [keyOf(server), toolName ?? EVERY_TOOL];
    this.#add(key, tool, { error, until: performance.now() + (error.retryAfterMs ?? 0) });
    const told = { server: key, tool, error: textOfError(error) } satisfies z.output<typeof Told>;
    this.#signals.send(SIGNAL, told);
  }

  /** The server's own refusal with what remains of its wait, while it does not want this tool called. */
  of(server: ServerEntry, toolName: string): CatalogueError | undefined {
    if (this.#pauses.size === 0) return undefined;
    const key = keyOf(server);
    const pauses = this.#pauses.get(key);
    if (!pauses) return undefined;
    const now = performance.now();
    for (const [tool, { until }] of pauses) if (until <= now) pauses.delete(tool);
    if (pauses.size === 0) this.#pauses.delete(key);
    const pause = pauses.get(EVERY_TOOL) ?? pauses.get(toolName);
    return pause && withWait(pause.error, Math.ceil(pause.until - now));
  }

  #hear(message: unknown, ageMs: number): void {
    const told = Told.safeParse(message).data;
    const error = told && errorOfText(told.error);
    if (error)
      this.#add(told.server, told.tool, { error, until: performance.now() + (error.retryAfterMs ?? 0) - ageMs });
  }

  /** The longer of two waits counts. */
  #add(key: string, tool: string, pause: Pause): void {
    let pauses = this.#pauses.get(key);
    if (!pauses) this.#pauses.set(key, (pauses = new Map()));
    if ((pauses.get(tool)?.until ?? 0) < pause.until) pauses.set(tool, pause);
  }
}

/** A server is paused for who called it: with another credential it may be asked. */
function keyOf({ id, runtime }: ServerEntry): string {
  return `${id} ${runtime.credentialId}`;
}

function withWait(error: CatalogueError, retryAfterMs: number): CatalogueError {
  const { code, message, details, suggestion, serverStatusCode, serverErrorDetails, status } = error;
  return new CatalogueError(code, message, {
    details,
    retryable: error.isRetryable(),
    retryAfterMs,
    suggestion,
    ...(serverStatusCode !== undefined && { serverStatusCode }),
    serverErrorDetails,
    status,
    acted: "no",
  });
}
