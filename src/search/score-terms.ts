/** Scores every visible tool on each term of a question: how rare the term is and how much the tool is about it. */
import { isOneEdit } from "./one-edit.ts";
import type { QueryTerm } from "./search-query.ts";
import type { SearchTuning } from "./search-tuning.ts";
import { ENTRY, type Posting } from "./server-shard.ts";
import type { VisibleTools } from "./visible-tools.ts";

/** Who answers a term, by number, and how well. The lists run in parallel. */
interface Scores {
  readonly numbers: readonly number[];
  readonly scores: readonly number[];
}

interface TermScores {
  readonly tools: Scores;
  /** What a server's own name and description add to each of its tools. */
  readonly servers: Scores;
  /** The best score of a tool. */
  readonly peak: number;
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
  postings: ReadonlyMap<string, readonly Posting[]>,
  visible: VisibleTools,
  tuning: SearchTuning,
): QueryScores {
  const named = new Float32Array(visible.size);
  const bestTools = new Best(visible.size);
  const bestShares = new Best(visible.size);
  const bestServers = new Best(visible.size);
  let corrections = 0;
  const isShort = terms.filter((term) => !term.isPair).length <= MOST_WORDS_TO_CORRECT;
  const scored = terms.map((term) => {
    let ideal = 0;
    const score = (stem: string, closeness: number): void => {
      const found = locate(postings.get(stem) ?? [], visible);
      const weight = closeness * term.weight;
      const rarity =
        weight *
        blend(rarityOf(found.tools, visible.total), rarityOf(found.holders, visible.offsets.size), tuning.serverRarity);
      const serverRarity = weight * tuning.server * rarityOf(found.servers, visible.offsets.size);
      if (closeness === 1) ideal = Math.max(ideal, rarity);
      for (const { posting, offset } of found.places) {
        bestServers.offer(visible.owners[offset]!, serverRarity * posting.serverWeight);
        const { entries } = posting.shard;
        for (let at = posting.from; at < posting.to; at += ENTRY) {
          const tool = offset + entries[at]!;
          if (visible.mask[tool] !== 1) continue;
          bestTools.offer(tool, rarity * entries[at + 1]!);
          bestShares.offer(tool, entries[at + 2]! * closeness);
        }
      }
    };
    for (const [stem, closeness] of term.variants) score(stem, closeness);
    const unknown = bestTools.isEmpty && bestServers.isEmpty && isCorrectable(term);
    if (unknown && isShort && corrections < MOST_CORRECTIONS) {
      corrections += 1;
      const [[stem]] = term.variants;
      for (const [known] of postings) if (isOneEdit(stem, known)) score(known, tuning.correction);
    }
    const shares = bestShares.take();
    shares.numbers.forEach((tool, at) => (named[tool] = Math.min(1, named[tool]! + shares.scores[at]!)));
    const [tools, servers] = [bestTools.take(), bestServers.take()];
    return { tools, servers, peak: Math.max(highest(tools), highest(servers)), ideal };
  });
  return { terms: scored, named };
}

/** Misspelt words of one question that are looked up: each costs a walk through all words. */
const MOST_CORRECTIONS = 2;
/** In longer questions an unknown word is rather a name than a slip. */
const MOST_WORDS_TO_CORRECT = 12;

function isCorrectable(term: QueryTerm): boolean {
  return !term.isPair && /^[a-z]{6,}$/.test(term.word);
}

interface Found {
  readonly places: readonly { readonly posting: Posting; readonly offset: number }[];
  /** Visible tools that have the term. */
  readonly tools: number;
  /** Servers with such a tool. */
  readonly holders: number;
  /** Servers that have the term in their own name or description. */
  readonly servers: number;
}

function locate(postings: readonly Posting[], visible: VisibleTools): Found {
  const places: { posting: Posting; offset: number }[] = [];
  let tools = 0;
  let servers = 0;
  let holders = 0;
  for (const posting of postings) {
    const offset = visible.offsets.get(posting.shard);
    if (offset === undefined) continue;
    places.push({ posting, offset });
    const { entries } = posting.shard;
    const before = tools;
    for (let at = posting.from; at < posting.to; at += ENTRY) tools += visible.mask[offset + entries[at]!]!;
    if (tools > before) holders += 1;
    if (posting.serverWeight > 0) servers += 1;
  }
  return { places, tools, servers, holders };
}

function blend(a: number, b: number, shareOfB: number): number {
  return a + (b - a) * shareOfB;
}

/** Inverse document frequency as in BM25, never negative. */
function rarityOf(holding: number, total: number): number {
  return Math.log(1 + (total - holding + 0.5) / (holding + 0.5));
}

function highest({ scores }: Scores): number {
  return scores.reduce((a, b) => Math.max(a, b), 0);
}

/** Keeps the best score offered for each number, and knows which numbers were offered one. */
class Best {
  readonly #scores: Float32Array;
  #touched: number[] = [];

  constructor(size: number) {
    this.#scores = new Float32Array(size);
  }

  offer(number: number, score: number): void {
    if (score <= this.#scores[number]!) return;
    if (this.#scores[number] === 0) this.#touched.push(number);
    this.#scores[number] = score;
  }

  get isEmpty(): boolean {
    return this.#touched.length === 0;
  }

  /** What was offered; starts afresh. */
  take(): Scores {
    const numbers = this.#touched;
    const scores = numbers.map((number) => this.#scores[number]!);
    for (const number of numbers) this.#scores[number] = 0;
    this.#touched = [];
    return { numbers, scores };
  }
}
