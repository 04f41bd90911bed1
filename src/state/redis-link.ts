/** The connection to a shared Redis or Valkey: asks it with a short time-out, knows when it is gone, and tells when it is back. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { StateStatus } from "./state-store.ts";

/** Longest a call waits for Redis, milliseconds; after that it goes on without. */
const ANSWER_WITHIN_MS = 250;
/** A connection on which nothing comes back for so long is opened anew, milliseconds. */
const DEAD_AFTER_MS = 10_000;
const RETRY_EVERY_MS = 500;
/** How long a refused command (Redis is full, or read-only) shows in the status, milliseconds. */
const REFUSAL_SHOWS_MS = 10_000;
const CHANNEL = "toolgraph:signals";

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
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  #isUp = false;
  #isClosed = false;
  #isProbing = false;
  #problem = "is not connected yet";
  #refusedAt = -Infinity;
  #retry: NodeJS.Timeout | undefined;
  /** Redis's clock less ours, milliseconds. */
  #clockOffsetMs = 0;

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
    return Date.now() + this.#clockOffsetMs;
  }

  /** Until when an answer is waited for, by the clock of Redis. */
  answerUntil(): number {
    return this.now() + this.#answerWithinMs;
  }

  status(): StateStatus {
    if (!this.#isUp) return { kind: "redis", health: "degraded", reason: `The shared state ${this.#problem}.` };
    if (performance.now() - this.#refusedAt > REFUSAL_SHOWS_MS) return { kind: "redis", health: "ok" };
    return { kind: "redis", health: "degraded", reason: `The shared state ${this.#problem}.` };
  }

  /** Sends a command and waits a short while. Never rejects. */
  async ask<T>(command: (client: Redis) => Promise<T>): Promise<T | typeof UNANSWERED> {
    if (!this.#isUp) return UNANSWERED;
    try {
      return await within(this.#answerWithinMs, command(this.client));
    } catch (error) {
      if ((error as Error).name === "ReplyError") this.#refuse(error as Error);
      else this.#lose(error === TOO_SLOW ? `does not answer within ${this.#answerWithinMs} ms` : "cannot be reached");
      return UNANSWERED;
    }
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
  signal(topic: string, message: string): void {
    void this.ask((client) => client.publish(CHANNEL, JSON.stringify([this.#origin, topic, message])));
  }

  /** Hears what other replicas tell. Returns how to stop listening. */
  onSignal(topic: string, listener: (message: string) => void): () => void {
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
      const [seconds, microseconds] = await this.client.time();
      this.#clockOffsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - Date.now();
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

  #hear(text: string): void {
    const [origin, topic, message] = JSON.parse(text) as [string, string, string];
    if (origin === this.#origin) return;
    for (const listener of this.#listeners.get(topic) ?? []) listener(message);
  }
}

const TOO_SLOW = new Error("too slow");

function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(TOO_SLOW), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
