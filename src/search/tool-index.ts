/** Finds tools by what they do: an index in memory over the words of tools and of the servers that hold them. */
import { rankTools } from "./rank-tools.ts";
import { scoreTerms } from "./score-terms.ts";
import { readQuery } from "./search-query.ts";
import { searchTuning, type SearchTuning } from "./search-tuning.ts";
import { shardInTurns, shardOf, type Posting, type SearchableServer, type ServerShard } from "./server-shard.ts";
import type { SearchableTool } from "./tool-terms.ts";
import { atOnce, inTurns } from "../time-slice.ts";
import { visibleTools } from "./visible-tools.ts";

export type { SearchableServer, SearchableTool };

export interface ToolMatch {
  readonly serverId: string;
  readonly toolName: string;
  /** From 0 to 1: the share of the question's weightiest need that the tool answers; never rises down the list. */
  readonly score: number;
  /** The words of the question that the tool answers, the most telling first; for a file name the words for its kind. */
  readonly matched: string[];
}

export interface ToolSearchOptions {
  /** Most matches to return. */
  readonly first: number;
  /** What is not allowed neither shows nor influences what shows. */
  allowed?(serverId: string, toolName: string): boolean;
  /** Only tools of these servers. */
  readonly serverIds?: readonly string[];
}

/** Answers at once by words alone, later where meaning counts too. */
export type SearchTools = (question: string, options: ToolSearchOptions) => ToolMatch[] | Promise<ToolMatch[]>;

export interface ToolIndex {
  /** Adds a server with its tools, in place of what was there under its id; costs what this server costs. */
  addServer(server: SearchableServer, tools: readonly SearchableTool[]): void;
  /** The same in turns with other work; the index holds the server when the promise resolves. */
  addServerInTurns(server: SearchableServer, tools: readonly SearchableTool[]): Promise<void>;
  removeServer(id: string): void;
  /** An independent index with the same servers; their contents are shared, so it is cheap. */
  copy(): ToolIndex;
  /** The tools that answer a question best. Any text is a question; one that names nothing known finds nothing. */
  search(question: string, options: ToolSearchOptions): ToolMatch[];
}

/**
 * An empty index.
 *
 * @example
 * const index = createToolIndex();
 * index.addServer({ id: "jira-1", name: "Jira", type: "jira" }, tools);
 * index.search("open a ticket", { first: 5 }); // [{ serverId: "jira-1", toolName: "create_issue", … }]
 */
export function createToolIndex(tuning: SearchTuning = searchTuning): ToolIndex {
  return new LexicalIndex(tuning, new Map(), new Map());
}

const MOST_MATCHED_WORDS = 8;

class LexicalIndex implements ToolIndex {
  readonly #tuning: SearchTuning;
  readonly #shards: Map<string, ServerShard>;
  /** By term; the lists are replaced, never changed, since copies share them. */
  readonly #postings: Map<string, readonly Posting[]>;

  constructor(tuning: SearchTuning, shards: Map<string, ServerShard>, postings: Map<string, readonly Posting[]>) {
    this.#tuning = tuning;
    this.#shards = shards;
    this.#postings = postings;
  }

  copy(): ToolIndex {
    return new LexicalIndex(this.#tuning, new Map(this.#shards), new Map(this.#postings));
  }

  addServer(server: SearchableServer, tools: readonly SearchableTool[]): void {
    atOnce(this.#adding(shardOf(server, tools, this.#tuning)));
  }

  async addServerInTurns(server: SearchableServer, tools: readonly SearchableTool[]): Promise<void> {
    await inTurns(this.#adding(await shardInTurns(server, tools, this.#tuning)));
  }

  *#adding(shard: ServerShard): Generator<undefined, void> {
    yield* this.#removing(shard.serverId);
    this.#shards.set(shard.serverId, shard);
    for (const posting of shard.postings) {
      const others = this.#postings.get(posting.term);
      this.#postings.set(posting.term, others ? [...others, posting] : [posting]);
      yield;
    }
  }

  removeServer(id: string): void {
    atOnce(this.#removing(id));
  }

  *#removing(id: string): Generator<undefined, void> {
    const shard = this.#shards.get(id);
    if (!shard) return;
    this.#shards.delete(id);
    for (const { term } of shard.postings) {
      const others = (this.#postings.get(term) ?? []).filter((posting) => posting.shard !== shard);
      if (others.length > 0) this.#postings.set(term, others);
      else this.#postings.delete(term);
      yield;
    }
  }

  search(question: string, options: ToolSearchOptions): ToolMatch[] {
    const first = Math.floor(options.first);
    const query = readQuery(question, this.#tuning);
    if (!(first > 0) || query.terms.length === 0) return [];
    const visible = visibleTools(this.#shards.values(), options);
    const scores = scoreTerms(query.terms, this.#postings, visible, this.#tuning);
    const ranked = rankTools(query, scores, visible, first, this.#tuning);
    return ranked.map(({ tool, score, terms }) => ({
      ...visible.placeOf(tool),
      score,
      matched: terms
        .filter((term) => !query.terms[term]!.isPair)
        .slice(0, MOST_MATCHED_WORDS)
        .map((term) => query.terms[term]!.word),
    }));
  }
}
