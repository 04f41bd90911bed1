/** Scores every visible tool on each term of a question: how rare the term is and how much the tool is about it. */
import type { QueryTerm } from "./search-query.ts";
import type { SearchTuning } from "./search-tuning.ts";
import type { Posting } from "./server-shard.ts";
import type { VisibleTools } from "./visible-tools.ts";

/** The tools that answer a term, and how well. The lists run in parallel. */
export interface TermScores {
  readonly tools: readonly number[];
  readonly scores: readonly number[];
  /** What a tool that is all about the term would score. */
  readonly ideal: number;
}

export interface QueryScores {
  readonly terms: readonly TermScores[];
  /** For each tool the part of its name that the question names, from 0 to 1. */
  readonly named: Float32Array;
}

/** Scores all terms. What is not visible counts nowhere, not even in how rare a word is. */
export function scoreTerms(
  terms: readonly QueryTerm[],
  postingsOf: (stem: string) => readonly Posting[],
  visible: VisibleTools,
  tuning: SearchTuning,
): QueryScores {
  const named = new Float32Array(visible.size);
  const best = new Best(visible.size);
  const bestShare = new Best(visible.size);
  const scored = terms.map((term) => {
    let ideal = 0;
    for (const [stem, closeness] of term.variants) {
      const found = locate(postingsOf(stem), visible);
      const weight = closeness * term.weight;
      const rarity = weight * rarityOf(found.tools, visible.total);
      const serverRarity = weight * tuning.server * rarityOf(found.servers, visible.servers);
      if (stem === term.variants[0]?.[0]) ideal = rarity;
      for (const { posting, offset } of found.places) {
        const shared = serverRarity * saturated(posting.serverWeight, tuning);
        if (shared > 0) {
          for (let tool = offset; tool < offset + posting.shard.toolNames.length; tool += 1) {
            if (visible.mask[tool] === 1) best.offer(tool, shared);
          }
        }
        for (let at = 0; at < posting.tools.length; at += 1) {
          const tool = offset + posting.tools[at]!;
          if (visible.mask[tool] !== 1) continue;
          best.offer(tool, shared + rarity * saturated(posting.weights[at]!, tuning));
          bestShare.offer(tool, posting.nameShares[at]! * closeness);
        }
      }
    }
    const shares = bestShare.take();
    shares.tools.forEach((tool, at) => (named[tool] = Math.min(1, named[tool]! + shares.scores[at]!)));
    return { ...best.take(), ideal };
  });
  return { terms: scored, named };
}

interface Found {
  readonly places: readonly { readonly posting: Posting; readonly offset: number }[];
  readonly tools: number;
  readonly servers: number;
}

function locate(postings: readonly Posting[], visible: VisibleTools): Found {
  const places: { posting: Posting; offset: number }[] = [];
  let tools = 0;
  let servers = 0;
  for (const posting of postings) {
    const offset = visible.offsets.get(posting.shard);
    if (offset === undefined) continue;
    places.push({ posting, offset });
    for (const tool of posting.tools) tools += visible.mask[offset + tool]!;
    if (posting.serverWeight > 0) servers += 1;
  }
  return { places, tools, servers };
}

/** Inverse document frequency as in BM25, never negative. */
function rarityOf(holding: number, total: number): number {
  return Math.log(1 + (total - holding + 0.5) / (holding + 0.5));
}

function saturated(weight: number, tuning: SearchTuning): number {
  return weight / (tuning.saturation + weight);
}

/** Keeps the best score offered for each tool, and knows which tools were offered one. */
class Best {
  readonly #scores: Float32Array;
  #touched: number[] = [];

  constructor(size: number) {
    this.#scores = new Float32Array(size);
  }

  offer(tool: number, score: number): void {
    if (score <= this.#scores[tool]!) return;
    if (this.#scores[tool] === 0) this.#touched.push(tool);
    this.#scores[tool] = score;
  }

  /** What was offered; starts afresh. */
  take(): { tools: number[]; scores: number[] } {
    const tools = this.#touched;
    const scores = tools.map((tool) => this.#scores[tool]!);
    for (const tool of tools) this.#scores[tool] = 0;
    this.#touched = [];
    return { tools, scores };
  }
}
