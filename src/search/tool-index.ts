/** Finds tools by what they do: an index in memory over the words of tools and of the servers that hold them. */
import { readQuery, type SearchQuery } from "./search-query.ts";
import { count, fields, pairsOf, stemsOf, termsOfTool, type SearchableTool, type Terms } from "./tool-terms.ts";

export interface ToolMatch {
  readonly serverId: string;
  readonly toolName: string;
  /** From 0 to 1; comparable between the matches of all queries. */
  readonly score: number;
  /** The words of the query that matched. */
  readonly matched: string[];
}

export interface SearchableServer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description?: string | undefined;
}

export interface ToolSearchOptions {
  /** Most matches to return. */
  readonly first: number;
  /** What is not allowed does not show and does not influence what shows. */
  allowed?(serverId: string, toolName: string): boolean;
  /** Only tools of these servers. */
  readonly serverIds?: readonly string[];
}

export interface ToolIndex {
  /** Adds a server with its tools, in place of what was there under its id. */
  addServer(server: SearchableServer, tools: readonly SearchableTool[]): void;
  removeServer(id: string): void;
  /** An independent index with the same servers; shares their contents, so it is cheap. */
  copy(): ToolIndex;
  search(query: string, options: ToolSearchOptions): ToolMatch[];
}

interface Shard {
  readonly id: string;
  readonly toolNames: readonly string[];
  readonly terms: readonly string[];
}

/** Where a term occurs in one server: the tools and the weight it has in each. */
interface Posting {
  readonly shard: Shard;
  readonly tools: readonly number[];
  readonly weights: readonly number[];
  /** The weight of the term in the server's own name and description. */
  readonly server: number;
}

export const defaultTuning = {
  synonymWeight: 0.4,
  pairWeight: 0.6,
  pathWordWeight: 0.2,
  saturation: 1.5,
  serverWeight: 0.3,
  needWeight: 1,
  novelty: 0.5,
  serverRepeat: 0.9,
};
export type Tuning = typeof defaultTuning;

/**
 * An empty index.
 *
 * @example
 * const index = createToolIndex();
 * index.addServer({ id: "jira-1", name: "Jira", type: "jira" }, tools);
 * index.search("open a ticket", { first: 5 }); // [{ serverId: "jira-1", toolName: "create_issue", … }]
 */
export function createToolIndex(tuning: Tuning = defaultTuning): ToolIndex {
  return new LexicalIndex(new Map(), new Map(), tuning);
}

const CANDIDATES = 200;

class LexicalIndex implements ToolIndex {
  readonly #shards: Map<string, Shard>;
  readonly #postings: Map<string, readonly Posting[]>;
  readonly #tuning: Tuning;

  constructor(shards: Map<string, Shard>, postings: Map<string, readonly Posting[]>, tuning: Tuning) {
    this.#shards = shards;
    this.#postings = postings;
    this.#tuning = tuning;
  }

  copy(): ToolIndex {
    return new LexicalIndex(new Map(this.#shards), new Map(this.#postings), this.#tuning);
  }

  addServer(server: SearchableServer, tools: readonly SearchableTool[]): void {
    this.removeServer(server.id);
    const own: Terms = new Map();
    const name = stemsOf(`${server.name} ${server.id} ${server.type}`);
    count(own, new Set([...name, ...pairsOf(name)]), fields.serverName);
    count(own, stemsOf(server.description ?? ""), fields.server);
    const found = new Map<string, { tools: number[]; weights: number[] }>();
    for (const term of own.keys()) found.set(term, { tools: [], weights: [] });
    tools.forEach((tool, position) => {
      for (const [term, weight] of termsOfTool(tool)) {
        const entry = found.get(term) ?? { tools: [], weights: [] };
        entry.tools.push(position);
        entry.weights.push(weight);
        found.set(term, entry);
      }
    });
    const shard: Shard = { id: server.id, toolNames: tools.map((tool) => tool.name), terms: [...found.keys()] };
    this.#shards.set(server.id, shard);
    for (const [term, entry] of found) {
      const posting: Posting = { shard, ...entry, server: own.get(term) ?? 0 };
      this.#postings.set(term, [...(this.#postings.get(term) ?? []), posting]);
    }
  }

  removeServer(id: string): void {
    const shard = this.#shards.get(id);
    if (!shard) return;
    this.#shards.delete(id);
    for (const term of shard.terms) {
      const left = (this.#postings.get(term) ?? []).filter((posting) => posting.shard !== shard);
      if (left.length > 0) this.#postings.set(term, left);
      else this.#postings.delete(term);
    }
  }

  search(query: string, options: ToolSearchOptions): ToolMatch[] {
    const first = Math.floor(options.first);
    if (!(first > 0)) return [];
    const visible = this.#visible(options);
    const read = readQuery(query, this.#tuning);
    if (visible.total === 0 || read.terms.length === 0) return [];
    const cover = this.#cover(read, visible);
    return this.#rank(read, cover, visible, first);
  }

  #visible(options: ToolSearchOptions): Visible {
    const offsets = new Map<Shard, number>();
    const only = options.serverIds && new Set(options.serverIds);
    let size = 0;
    const owners: Shard[] = [];
    for (const shard of this.#shards.values()) {
      if (only && !only.has(shard.id)) continue;
      offsets.set(shard, size);
      owners.push(shard);
      size += shard.toolNames.length;
    }
    const mask = new Uint8Array(size).fill(1);
    let total = size;
    let servers = 0;
    for (const shard of owners) {
      const offset = offsets.get(shard)!;
      let shown = 0;
      shard.toolNames.forEach((name, at) => {
        if (options.allowed && !options.allowed(shard.id, name)) {
          mask[offset + at] = 0;
          total -= 1;
        } else shown += 1;
      });
      if (shown === 0) offsets.delete(shard);
      else servers += 1;
    }
    return { offsets, mask, total, servers, size };
  }

  /** For each term, how well each tool answers it: rarity × saturated weight, the best of its variants. */
  #cover(query: SearchQuery, visible: Visible): Float32Array[] {
    const { saturation, serverWeight } = this.#tuning;
    return query.terms.map((term) => {
      const row = new Float32Array(visible.size);
      for (const [stem, weight] of term.variants) {
        const postings = (this.#postings.get(stem) ?? []).filter((posting) => visible.offsets.has(posting.shard));
        let holding = 0;
        let holdingServers = 0;
        for (const posting of postings) {
          const offset = visible.offsets.get(posting.shard)!;
          for (const tool of posting.tools) holding += visible.mask[offset + tool]!;
          if (posting.server > 0) holdingServers += 1;
        }
        const rarity = rarityOf(holding, visible.total) * weight * term.weight;
        const serverRarity = rarityOf(holdingServers, visible.servers) * weight * term.weight * serverWeight;
        for (const posting of postings) {
          const offset = visible.offsets.get(posting.shard)!;
          const shared = posting.server > 0 ? (serverRarity * posting.server) / (saturation + posting.server) : 0;
          if (shared > 0) {
            for (let at = 0; at < posting.shard.toolNames.length; at += 1) {
              if (visible.mask[offset + at] === 1) row[offset + at] = Math.max(row[offset + at]!, shared);
            }
          }
          posting.tools.forEach((tool, at) => {
            if (visible.mask[offset + tool] !== 1) return;
            const own = posting.weights[at]!;
            row[offset + tool] = Math.max(row[offset + tool]!, (rarity * own) / (saturation + own) + shared);
          });
        }
      }
      return row;
    });
  }

  #rank(query: SearchQuery, cover: Float32Array[], visible: Visible, first: number): ToolMatch[] {
    const { needWeight, novelty, serverRepeat } = this.#tuning;
    const left = query.terms.map(() => 1);
    const scoreOf = (tool: number): number => {
      let whole = 0;
      for (let term = 0; term < cover.length; term += 1) whole += cover[term]![tool]! * left[term]!;
      let best = 0;
      for (const need of query.needs) {
        let sum = 0;
        for (const term of need) sum += cover[term]![tool]! * left[term]!;
        if (sum > best) best = sum;
      }
      return whole + needWeight * best;
    };
    const places: { shard: Shard; name: string; tool: number; score: number }[] = [];
    for (const [shard, offset] of visible.offsets) {
      shard.toolNames.forEach((name, at) => {
        const tool = offset + at;
        if (visible.mask[tool] !== 1) return;
        const score = scoreOf(tool);
        if (score > 0) places.push({ shard, name, tool, score });
      });
    }
    places.sort((a, b) => b.score - a.score || compare(a.shard.id, b.shard.id) || compare(a.name, b.name));
    const candidates = places.slice(0, Math.max(CANDIDATES, first));
    const ideal = idealOf(
      cover,
      candidates.map((each) => each.tool),
    );
    const matches: ToolMatch[] = [];
    const used = new Map<Shard, number>();
    let ceiling = 1;
    while (matches.length < first && candidates.length > 0) {
      let bestAt = 0;
      if (matches.length < 30) {
        let best = -1;
        candidates.forEach((each, at) => {
          const score = scoreOf(each.tool) * serverRepeat ** (used.get(each.shard) ?? 0);
          if (score > best) {
            best = score;
            bestAt = at;
          }
          each.score = score;
        });
      }
      const [chosen] = candidates.splice(bestAt, 1);
      if (!chosen) break;
      ceiling = Math.min(ceiling, ideal === 0 ? 0 : chosen.score / (chosen.score + ideal));
      matches.push({
        serverId: chosen.shard.id,
        toolName: chosen.name,
        score: ceiling,
        matched: query.terms
          .filter((_, term) => cover[term]![chosen.tool]! > 0)
          .map((term) => term.word)
          .slice(0, 12),
      });
      used.set(chosen.shard, (used.get(chosen.shard) ?? 0) + 1);
      for (let term = 0; term < cover.length; term += 1) {
        const share = ideal === 0 ? 0 : Math.min(1, cover[term]![chosen.tool]! / 6);
        left[term]! *= 1 - (1 - novelty) * share;
      }
    }
    return matches;
  }
}

interface Visible {
  readonly offsets: Map<Shard, number>;
  readonly mask: Uint8Array;
  readonly total: number;
  readonly servers: number;
  readonly size: number;
}

function idealOf(cover: Float32Array[], tools: number[]): number {
  let sum = 0;
  for (const row of cover) sum += Math.max(0, ...tools.map((tool) => row[tool]!));
  return sum;
}

function rarityOf(holding: number, total: number): number {
  return holding === 0 ? 0 : Math.log(1 + (total - holding + 0.5) / (holding + 0.5));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
