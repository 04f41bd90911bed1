/** The connection to a shared Redis or Valkey: asks it with a short time-out, knows when it is gone, and tells when it is back. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import type { SignalListener, StateStatus } from "./state-store.ts";

/** Longest a call waits for Redis, milliseconds; after that it goes on without. */
const ANSWER_WITHIN_MS = 250;
/** A connection on which nothing comes back for so long is opened anew, milliseconds. */
const DEAD_AFTER_MS = 10_000;
const RETRY_EVERY_MS = 500;
/** How long a refused command (Redis is full, or read-only) shows in the status, milliseconds. */
const REFUSAL_SHOWS_MS = 10_000;
const CLOCK_SAMPLES = 5;
/** An answer that took no longer tells Redis's clock well enough, milliseconds. */
const GOOD_SAMPLE_MS = 10;
const CHANNEL = "toolgraph:signals";

/** Origin, topic, message, and when it was sent by Redis's clock. */
const Signal = z.tuple([z.string(), z.string(), z.unknown(), z.number()]);

/** Redis did not answer: it is gone, slow, or refused the command. */
export const UNANSWERED = Symbol("unanswered");

export interface RedisLinkOptions {
  readonly address: string;
  readonly log: Logger;
  /** Milliseconds. */
  readonly answerWithinMs?: number;
}

export class RedisLink {
  readonly client: Redis;
  readonly #subscriber: Redis;
  readonly #log: Logger;
  readonly #answerWithinMs: number;
  readonly #origin = randomUUID();
  readonly #recoveries: (() => Promise<void>)[] = [];
  readonly #losses: (() => void)[] = [];
  readonly #listeners = new Map<string, Set<SignalListener>>();
  #isUp = false;
  #isClosed = false;
  #isProbing = false;
  #problem = "is not connected yet";
  #refusedAt = -Infinity;
  #retry: NodeJS.Timeout | undefined;
  /** Redis's clock less this process's own that never jumps, milliseconds. */
  #clockOffsetMs = Date.now() - performance.now();

  constructor({ address, log, answerWithinMs = ANSWER_WITHIN_MS }: RedisLinkOptions) {
    this.#log = log;
    this.#answerWithinMs = answerWithinMs;
    const options = {
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      // A write that may or may not have been done is settled by what comes next, never sent twice blindly.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      retryStrategy: (times: number) => Math.min(50 * 2 ** times, 1_000),
    };
    const url = address.replace(/^valkey(s?):/, "redis$1:");
    this.client = new Redis(url, options);
    this.#subscriber = new Redis(url, { ...options, enableOfflineQueue: true, maxRetriesPerRequest: null });
    for (const each of [this.client, this.#subscriber]) each.on("error", () => {});
    this.client.on("ready", () => void this.#probe());
    this.client.on("close", () => this.#lose("has closed the connection"));
    this.#subscriber.on("message", (_channel, text: string) => this.#hear(text));
    void this.#subscriber.subscribe(CHANNEL).catch(() => {});
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Milliseconds since 1970 by the clock of Redis, which all replicas share. */
  now(): number {
    return performance.now() + this.#clockOffsetMs;
  }

  status(): StateStatus {
    if (!this.#isUp) return { kind: "redis", health: "degraded", reason: `The shared state ${this.#problem}.` };
    if (performance.now() - this.#refusedAt > REFUSAL_SHOWS_MS) return { kind: "redis", health: "ok" };
    return { kind: "redis", health: "degraded", reason: `The shared state ${this.#problem}.` };
  }

  /** Sends a command and waits a short while. Never rejects. */
  async ask<T>(
    command: (client: Redis) => Promise<T>,
    withinMs = this.#answerWithinMs,
  ): Promise<T | typeof UNANSWERED> {
    if (!this.#isUp) return UNANSWERED;
    try {
      return await within(withinMs, command(this.client));
    } catch (error) {
      if ((error as Error).name === "ReplyError") this.#refuse(error as Error);
      else this.#lose(error === TOO_SLOW ? `does not answer within ${withinMs} ms` : "cannot be reached");
      return UNANSWERED;
    }
  }

  /**
   * Sends a script that must do nothing once nobody waits for it any more: it is given the last moment, by the clock of
   * Redis, and answers `late` after it.
   */
  async askInTime<T extends readonly [string, ...unknown[]]>(
    command: (client: Redis, until: number) => Promise<T>,
  ): Promise<T | typeof UNANSWERED> {
    const ask = () => this.ask((client) => command(client, Math.floor(this.now() + this.#answerWithinMs)));
    const reply = await ask();
    if (reply === UNANSWERED || reply[0] !== "late") return reply;
    // It came in time by this process's clock, so one of the two clocks was moved.
    await this.ask(() => this.#readClock());
    const again = await ask();
    return again !== UNANSWERED && again[0] === "late" ? UNANSWERED : again;
  }

  /** Done each time Redis is back, before it is asked anything else. */
  onRecovery(recover: () => Promise<void>): void {
    this.#recoveries.push(recover);
  }

  /** Told each time Redis is lost. */
  onLoss(listener: () => void): void {
    this.#losses.push(listener);
  }

  /** Tells every other replica. */
  signal(topic: string, message: unknown): void {
    const text = JSON.stringify([this.#origin, topic, message, Math.floor(this.now())]);
    void this.ask((client) => client.publish(CHANNEL, text));
  }

  /** Hears what other replicas tell. Returns how to stop listening. */
  onSignal(topic: string, listener: SignalListener): () => void {
    let listeners = this.#listeners.get(topic);
    if (!listeners) this.#listeners.set(topic, (listeners = new Set()));
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Resolves when Redis can be asked, or after that many milliseconds. */
  async ready(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (!this.#isUp && !this.#isClosed && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    clearTimeout(this.#retry);
    this.client.disconnect();
    this.#subscriber.disconnect();
  }

  #refuse(error: Error): void {
    this.#problem = error.message.startsWith("OOM") ? "is full" : "refuses commands";
    if (performance.now() - this.#refusedAt > REFUSAL_SHOWS_MS) {
      this.#log.warn({ error_message: error.message.slice(0, 200) }, "the shared state refuses commands");
    }
    this.#refusedAt = performance.now();
  }

  #lose(problem: string): void {
    if (this.#isClosed || !this.#isUp) return;
    this.#isUp = false;
    this.#problem = problem;
    this.#log.warn({ reason: problem }, "shared state lost; going on with this process's own");
    for (const lost of this.#losses) lost();
    void this.#probe();
  }

  /** One question at a time that waits as long as it takes: its answer is the sign that Redis is back. */
  async #probe(): Promise<void> {
    if (this.#isProbing || this.#isUp || this.#isClosed || this.client.status !== "ready") return;
    this.#isProbing = true;
    const giveUp = setTimeout(() => this.client.disconnect(true), DEAD_AFTER_MS);
    try {
      const tookMs = await this.#readClock();
      // It is back once it is quick enough to be asked: else each call would wait for it in vain.
      if (tookMs > this.#answerWithinMs) throw TOO_SLOW;
      for (const recover of this.#recoveries) await recover();
      if (this.#isClosed) return;
      this.#isUp = true;
      this.#log.info("shared state connected");
    } catch {
      this.#retry = setTimeout(() => void this.#probe(), RETRY_EVERY_MS).unref();
    } finally {
      clearTimeout(giveUp);
      this.#isProbing = false;
    }
  }

  /**
   * A process that was busy when the answer came would read its own clock too late: the quickest of a few answers counts.
   * Returns how long that took, milliseconds.
   */
  async #readClock(): Promise<number> {
    let best = Infinity;
    for (let sample = 0; sample < CLOCK_SAMPLES && best > GOOD_SAMPLE_MS; sample += 1) {
      const asked = performance.now();
      const [seconds, microseconds] = await this.client.time();
      const tookMs = performance.now() - asked;
      if (tookMs >= best) continue;
      best = tookMs;
      this.#clockOffsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (asked + tookMs / 2);
    }
    return best;
  }

  /** What cannot be read comes from another version, or is not ours. */
  #hear(text: string): void {
    let signal: z.output<typeof Signal>;
    try {
      signal = Signal.parse(JSON.parse(text));
    } catch {
      return;
    }
    const [origin, topic, message, sentAt] = signal;
    if (origin === this.#origin) return;
    for (const listener of this.#listeners.get(topic) ?? []) listener(message, Math.max(0, this.now() - sentAt));
  }
}

const TOO_SLOW = new Error("too slow");

/**
 * A process that is busy itself must not take Redis for slow: the time begins once the question was sent, which is in the
 * next turn, and when it is up what came meanwhile is read first.
 */
function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const sent = setImmediate(() => {
      timer = setTimeout(() => setImmediate(() => reject(TOO_SLOW)), milliseconds);
    });
    answer.then(resolve, reject).finally(() => {
      clearImmediate(sent);
      clearTimeout(timer);
    });
  });
}
