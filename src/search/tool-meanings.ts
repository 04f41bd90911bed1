/** Knows tools by their meaning: embeds them in the background, and finds those that a question comes closest to. */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { TimeSlice } from "../time-slice.ts";
import type { Embedder } from "./embedder.ts";
import type { SearchableServer, SearchableTool, ToolMatch, ToolSearchOptions } from "./tool-index.ts";

/** Unit vectors by the hash of their text and model: they outlive the configurations they were made under. */
export type VectorMemory = LRUCache<string, Float32Array>;

/** The tools closest to a question, closest first; absent while the embedder is slow or fails. Never rejects. */
export type SearchByMeaning = (question: string, options: ToolSearchOptions) => Promise<ToolMatch[] | undefined>;

export interface ToolsOfServer {
  readonly server: SearchableServer;
  readonly tools: readonly SearchableTool[];
}

export interface ToolMeaningsOptions {
  readonly embedder: Embedder;
  /** Tells vectors of one model at one service from those of others. */
  readonly model: string;
  readonly memory: VectorMemory;
  readonly log: Logger;
  /** Longest a search waits for the meaning of its question, milliseconds; 1000 unless given. */
  readonly waitMs?: number;
  /** How long a slow or failing embedder is left alone, milliseconds; 10,000 unless given. */
  readonly restMs?: number;
}

interface Place {
  readonly serverId: string;
  readonly toolName: string;
  readonly key: string;
}

/** About 40,000 tools with vectors of 1,536 numbers; what does not fit is found by words. */
const MEMORY_BYTES = 256 * 1024 * 1024;
const QUESTIONS_REMEMBERED = 500;
const MOST_CHARACTERS = 2_000;
const TEXTS_AT_ONCE = 64;

export function createVectorMemory(): VectorMemory {
  return new LRUCache({ maxSize: MEMORY_BYTES, sizeCalculation: ({ byteLength }) => byteLength });
}

/**
 * One for each configuration with an embedder; `of` gives a generation its search.
 *
 * @example
 * const meanings = new ToolMeanings({ embedder, model: "nomic-embed-text", memory: createVectorMemory(), log });
 * const nearest = await meanings.of([{ server, tools }])("tell the team", { first: 5 });
 */
export class ToolMeanings {
  readonly #options: ToolMeaningsOptions;
  readonly #questions = new LRUCache<string, Float32Array>({ max: QUESTIONS_REMEMBERED });
  readonly #toldCauses = new Set<string>();
  /** Texts of the newest generation that have no vector yet, by their key. */
  #wanted = new Map<string, string>();
  #isLearning = false;
  #isClosed = false;
  #restsUntil = 0;

  constructor(options: ToolMeaningsOptions) {
    this.#options = options;
  }

  /** Searches these tools, as far as they are embedded; returns before any is. */
  of(servers: readonly ToolsOfServer[]): SearchByMeaning {
    const places: Place[] = [];
    void this.#collect(servers, places);
    return async (question, options) => {
      const meaning = await this.#meaningOf(question.slice(0, MOST_CHARACTERS));
      return meaning && this.#nearest(places, meaning, options);
    };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#options.embedder.close();
  }

  /** Thousands of texts are hashed in slices: requests do not wait for it. */
  async #collect(servers: readonly ToolsOfServer[], places: Place[]): Promise<void> {
    const wanted = new Map<string, string>();
    this.#wanted = wanted;
    const slice = new TimeSlice();
    for (const { server, tools } of servers) {
      for (const tool of tools) {
        if (slice.isOver) await slice.pause();
        const text = textOf(server, tool);
        const key = hash("sha256", `${this.#options.model}\n${text}`, "base64url");
        places.push({ serverId: server.id, toolName: tool.name, key });
        if (!this.#options.memory.get(key)) wanted.set(key, text);
      }
    }
    await this.#learn();
  }

  async #learn(): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    let isAnswered = true;
    while (isAnswered && this.#wanted.size > 0 && !this.#isClosed) isAnswered = await this.#learnSome(this.#wanted);
    this.#isLearning = false;
  }

  async #learnSome(wanted: Map<string, string>): Promise<boolean> {
    const some = [...wanted].slice(0, TEXTS_AT_ONCE);
    const vectors = await this.#ask(some.map(([, text]) => text));
    for (const [at, [key, text]] of some.entries()) {
      wanted.delete(key);
      const vector = vectors?.[at];
      if (vector) this.#options.memory.set(key, unit(vector));
      // To the end: texts that the embedder refuses do not hold up the others.
      else wanted.set(key, text);
    }
    return vectors !== undefined;
  }

  async #meaningOf(question: string): Promise<Float32Array | undefined> {
    const known = this.#questions.get(question);
    if (known || this.#isClosed || performance.now() < this.#restsUntil) return known;
    const asked = this.#ask([question]).then((vectors) => {
      const vector = vectors && unit(vectors[0]!);
      if (!vector) return undefined;
      this.#questions.set(question, vector);
      // The embedder answers: what it failed at before is tried again.
      void this.#learn();
      return vector;
    });
    const { waitMs = 1000 } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.#failed(new Error(`no answer within ${waitMs} ms`));
        resolve(undefined);
      }, waitMs);
    });
    const vector = await Promise.race([asked, tooLong]);
    clearTimeout(timer);
    return vector;
  }

  #nearest(places: readonly Place[], meaning: Float32Array, options: ToolSearchOptions): ToolMatch[] {
    const only = options.serverIds && new Set(options.serverIds);
    const found: ToolMatch[] = [];
    for (const { serverId, toolName, key } of places) {
      if (only && !only.has(serverId)) continue;
      const vector = this.#options.memory.peek(key);
      if (!vector || (options.allowed && !options.allowed(serverId, toolName))) continue;
      const score = dot(meaning, vector);
      if (score > 0) found.push({ serverId, toolName, score: Math.min(1, score), matched: ["meaning"] });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, options.first);
  }

  async #ask(texts: readonly string[]): Promise<Float32Array[] | undefined> {
    try {
      const vectors = await this.#options.embedder.embed(texts);
      this.#restsUntil = 0;
      if (this.#wanted.size === 0) this.#toldCauses.clear();
      return vectors;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** Each cause is told once, until the embedder has done all its work again. */
  #failed(error: unknown): void {
    if (this.#isClosed) return;
    this.#restsUntil = performance.now() + (this.#options.restMs ?? 10_000);
    const cause = error instanceof CatalogueError ? `${error.code} ${error.message}` : String(error);
    if (this.#toldCauses.has(cause)) return;
    this.#toldCauses.add(cause);
    this.#options.log.warn({ err: error }, "the embedder is slow or fails; tools are found by words until it answers");
  }
}

function textOf(server: SearchableServer, tool: SearchableTool): string {
  const name = tool.title ?? tool.name.replaceAll(/[_-]+/g, " ");
  return `${server.name}: ${name}. ${tool.description}`.slice(0, MOST_CHARACTERS);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * (b[at] ?? 0);
  return sum;
}
