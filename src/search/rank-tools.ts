/** Orders tools by what they add to an answer: those that fit a need best, then those for needs not yet met. */
import type { QueryScores } from "./score-terms.ts";
import type { SearchQuery } from "./search-query.ts";
import type { SearchTuning } from "./search-tuning.ts";
import type { VisibleTools } from "./visible-tools.ts";

export interface RankedTool {
  /** The tool's number among the visible ones. */
  readonly tool: number;
  /** From 0 to 1. */
  readonly score: number;
  /** Positions of the terms that matched, the most telling first. */
  readonly terms: readonly number[];
}

/** More tools than are asked for are looked at again, so that one for a small need can move up. */
const CANDIDATES = 150;
/** Further down the order is by score alone. */
const MOST_DIVERSE = 40;

/**
 * The best `first` tools; equal ones in the order of their servers' ids and their names. Asking for more never changes
 * what comes first.
 */
export function rankTools(
  query: SearchQuery,
  scores: QueryScores,
  visible: VisibleTools,
  first: number,
  tuning: SearchTuning,
): RankedTool[] {
  const totals = totalsOf(query, scores, visible, tuning);
  const candidates = candidatesOf(totals, visible, Math.max(CANDIDATES, first), tuning);
  collectTerms(candidates, scores, visible);
  const pool = candidates.slice(0, CANDIDATES);
  const left = query.terms.map(() => 1);
  const ideal = idealOf(query, scores, tuning);
  const ranked: RankedTool[] = [];
  const take = (chosen: Candidate): void => {
    ranked.push({
      tool: chosen.tool,
      score: Math.min(1, chosen.bound / ideal, ranked.at(-1)?.score ?? 1),
      terms: [...chosen.terms].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([term]) => term),
    });
    for (const [term, score] of chosen.terms) {
      left[term]! *= 1 - (1 - tuning.novelty) * Math.min(1, score / scores.terms[term]!.peak);
    }
  };
  const valueOf = (candidate: Candidate): number => {
    let whole = 0;
    for (const [term, score] of candidate.terms) whole += score * left[term]!;
    let best = 0;
    for (const need of query.needs) {
      let sum = 0;
      for (const term of need) sum += (candidate.terms.get(term) ?? 0) * left[term]!;
      best = Math.max(best, sum);
    }
    return (tuning.whole * whole + best) * (1 + tuning.naming * scores.named[candidate.tool]!) + candidate.bonus;
  };
  while (ranked.length < Math.min(first, MOST_DIVERSE) && pool.length > 0) take(takeBest(pool, valueOf));
  pool.sort((a, b) => b.bound - a.bound);
  for (const candidate of [...pool, ...candidates.slice(CANDIDATES)].slice(0, first - ranked.length)) take(candidate);
  return ranked;
}

/** Notes for each candidate how well it answers each term. */
function collectTerms(candidates: readonly Candidate[], scores: QueryScores, visible: VisibleTools): void {
  const byTool = new Map(candidates.map((candidate) => [candidate.tool, candidate]));
  scores.terms.forEach(({ tools, servers }, term) => {
    tools.numbers.forEach((tool, at) => byTool.get(tool)?.terms.set(term, tools.scores[at]!));
    if (servers.numbers.length === 0) return;
    const shared = new Map(servers.numbers.map((server, at) => [server, servers.scores[at]!]));
    for (const { tool, terms } of candidates) {
      const more = shared.get(visible.owners[tool]!);
      if (more !== undefined) terms.set(term, (terms.get(term) ?? 0) + more);
    }
  });
}

/** The `most` tools that scored best, with what the best tool of their server adds to each. */
function candidatesOf(totals: Float32Array, visible: VisibleTools, most: number, tuning: SearchTuning): Candidate[] {
  const siblings = new Float32Array(visible.size);
  for (let tool = 0; tool < totals.length; tool += 1) {
    const owner = visible.owners[tool]!;
    if (totals[tool]! > siblings[owner]!) siblings[owner] = totals[tool]!;
  }
  const bonusOf = (tool: number): number => (totals[tool]! > 0 ? tuning.sibling * siblings[visible.owners[tool]!]! : 0);
  const bounds = totals.map((total, tool) => total + bonusOf(tool));
  const least = Math.max(bounds.toSorted().at(-most) ?? 0, Number.MIN_VALUE);
  const candidates: (Candidate & { readonly serverId: string; readonly toolName: string })[] = [];
  for (let tool = 0; tool < bounds.length; tool += 1) {
    const bound = bounds[tool]!;
    if (bound >= least) {
      candidates.push({ tool, bound, bonus: bonusOf(tool), terms: new Map(), ...visible.placeOf(tool) });
    }
  }
  candidates.sort((a, b) => b.bound - a.bound || compare(a.serverId, b.serverId) || compare(a.toolName, b.toolName));
  return candidates.slice(0, most);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

interface Candidate {
  readonly tool: number;
  readonly bonus: number;
  readonly terms: Map<number, number>;
  /** At least what the tool is worth now: worth only ever falls as needs are met. */
  bound: number;
}

/** Takes out the candidate worth most, weighing again only those that may be it. */
function takeBest(candidates: Candidate[], valueOf: (candidate: Candidate) => number): Candidate {
  for (;;) {
    let top = 0;
    for (let at = 1; at < candidates.length; at += 1) if (candidates[at]!.bound > candidates[top]!.bound) top = at;
    const candidate = candidates[top]!;
    const value = valueOf(candidate);
    if (value >= candidate.bound - 1e-6) {
      candidates.splice(top, 1);
      return candidate;
    }
    candidate.bound = value;
  }
}

/** For each tool what the whole question and the need that fits best give it. */
function totalsOf(query: SearchQuery, scores: QueryScores, visible: VisibleTools, tuning: SearchTuning): Float32Array {
  const every = scores.terms.map((_, term) => term);
  const whole = sumsOf(every, scores, visible);
  const best = new Float32Array(visible.size);
  for (const need of query.needs) {
    const sums = sumsOf(need, scores, visible);
    for (let tool = 0; tool < sums.length; tool += 1) if (sums[tool]! > best[tool]!) best[tool] = sums[tool]!;
  }
  return whole.map((sum, tool) => (tuning.whole * sum + best[tool]!) * (1 + tuning.naming * scores.named[tool]!));
}

/** For each tool the sum of these terms' scores. */
function sumsOf(terms: readonly number[], scores: QueryScores, visible: VisibleTools): Float32Array {
  const sums = new Float32Array(visible.size);
  const shared = new Float32Array(visible.size);
  for (const term of terms) {
    const { tools, servers } = scores.terms[term]!;
    for (let at = 0; at < tools.numbers.length; at += 1) sums[tools.numbers[at]!]! += tools.scores[at]!;
    for (let at = 0; at < servers.numbers.length; at += 1) shared[servers.numbers[at]!]! += servers.scores[at]!;
  }
  for (let tool = 0; tool < sums.length; tool += 1) {
    if (visible.mask[tool] === 1) sums[tool]! += shared[visible.owners[tool]!]!;
  }
  return sums;
}

/** What a tool would reach that is all about the question's weightiest need and is named after it. */
function idealOf(query: SearchQuery, scores: QueryScores, tuning: SearchTuning): number {
  const needs = query.needs.map((need) =>
    need.reduce((sum, term) => sum + (query.terms[term]!.isPair ? 0 : scores.terms[term]!.ideal), 0),
  );
  return Math.max(...needs, 1e-6) * (tuning.whole + 1) * (1 + tuning.naming);
}
