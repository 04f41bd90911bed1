/** The way to the end: first nobody new is sent here, then what runs may finish, then servers and their processes end. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Gateway } from "../gateway.ts";
import type { Listening } from "../http/serve.ts";
import type { Registry } from "../registry/registry.ts";

export interface Stoppable {
  readonly gateway: Gateway;
  readonly listening: Listening;
  readonly registry: Registry;
  /** What else is closed at the very end, in this order. */
  readonly last: readonly { close(): Promise<void> }[];
  readonly log: Logger;
}

export interface StopBounds {
  /** How long new connections are still answered while `ready` says 503, milliseconds. */
  readonly graceMs: number;
  /** How long running calls may take after that, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Resolves with the exit code: 0 when every call finished, 1 when some had to be cut off.
 *
 * @example
 * process.exitCode = await stopInOrder(parts, { graceMs: 2_000, timeoutMs: 25_000 });
 */
export async function stopInOrder(parts: Stoppable, { graceMs, timeoutMs }: StopBounds): Promise<0 | 1> {
  const { gateway, listening, registry, last, log } = parts;
  gateway.drain();
  // A balancer that has not asked `ready` yet still sends requests: they are answered, and told to close the connection.
  if (graceMs > 0) await sleep(graceMs);
  const endsAt = performance.now() + timeoutMs;
  const answered = await listening.close(timeoutMs);
  // Calls that outlive their callers (writes whose outcome is recorded) have what is left of the time.
  const ended = await registry.close(Math.max(0, endsAt - performance.now()));
  for (const each of last) await each.close();
  const inOrder = answered && ended;
  log[inOrder ? "info" : "warn"]({ component: "http", cut_off: !inOrder }, "stopped");
  return inOrder ? 0 : 1;
}
