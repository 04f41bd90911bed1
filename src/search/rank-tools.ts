/** Orders tools by what they add to an answer: those that fit a need best, then those for needs not yet met. */
import type { QueryScores } from "./score-terms.ts";
import type { SearchQuery } from "./search-query.ts";
import type { SearchTuning } from "./search-tuning.ts";

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
 * The best `first` tools. `ownerOf` gives the first number of the tool's server, `order` settles equal scores.
 */
export function rankTools(
  query: SearchQuery,
  scores: QueryScores,
  first: number,
  tools: { ownerOf(tool: number): number; order(a: number, b: number): number },
  tuning: SearchTuning,
): RankedTool[] {
  const totals = totalsOf(query, scores, tuning);
  const siblings = new Map<number, number>();
  const matching: number[] = [];
  totals.forEach((total, tool) => {
    if (total <= 0) return;
    matching.push(tool);
    const owner = tools.ownerOf(tool);
    siblings.set(owner, Math.max(siblings.get(owner) ?? 0, total));
  });
  const bonusOf = (tool: number): number => tuning.sibling * siblings.get(tools.ownerOf(tool))!;
  const candidates = matching
    .map((tool) => ({
      tool,
      bonus: bonusOf(tool),
      bound: totals[tool]! + bonusOf(tool),
      terms: new Map<number, number>(),
    }))
    .sort((a, b) => b.bound - a.bound || tools.order(a.tool, b.tool))
    .slice(0, Math.max(CANDIDATES, first));
  const byTool = new Map(candidates.map((candidate) => [candidate.tool, candidate]));
  scores.terms.forEach((term, at) => {
    term.tools.forEach((tool, place) => byTool.get(tool)?.terms.set(at, term.scores[place]!));
  });
  const peaks = scores.terms.map((term) => term.scores.reduce((a, b) => Math.max(a, b), 0));
  const left = query.terms.map(() => 1);
  const ideal = idealOf(query, scores, tuning);
  const ranked: RankedTool[] = [];
  while (ranked.length < first && candidates.length > 0) {
    const chosen = ranked.length < MOST_DIVERSE ? takeBest(candidates, (each) => valueOf(each)) : candidates.shift()!;
    ranked.push({
      tool: chosen.tool,
      score: Math.min(1, chosen.bound / ideal, ranked.at(-1)?.score ?? 1),
      terms: [...chosen.terms].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([term]) => term),
    });
    for (const [term, score] of chosen.terms) left[term]! *= 1 - (1 - tuning.novelty) * (score / peaks[term]!);
  }
  return ranked;

  function valueOf(candidate: Candidate): number {
    let whole = 0;
    for (const [term, score] of candidate.terms) whole += score * left[term]!;
    let best = 0;
    for (const need of query.needs) {
      let sum = 0;
      for (const term of need) sum += (candidate.terms.get(term) ?? 0) * left[term]!;
      best = Math.max(best, sum);
    }
    return (tuning.whole * whole + best) * (1 + tuning.naming * scores.named[candidate.tool]!) + candidate.bonus;
  }
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
function totalsOf(query: SearchQuery, scores: QueryScores, tuning: SearchTuning): Float32Array {
  const { named } = scores;
  const whole = new Float32Array(named.length);
  const best = new Float32Array(named.length);
  const sums = new Float32Array(named.length);
  for (const { tools, scores: values } of scores.terms) tools.forEach((tool, at) => (whole[tool]! += values[at]!));
  for (const need of query.needs) {
    for (const term of need) {
      const { tools, scores: values } = scores.terms[term]!;
      for (let at = 0; at < tools.length; at += 1) sums[tools[at]!]! += values[at]!;
    }
    for (const term of need) {
      for (const tool of scores.terms[term]!.tools) {
        best[tool] = Math.max(best[tool]!, sums[tool]!);
        sums[tool] = 0;
      }
    }
  }
  return whole.map((sum, tool) => (tuning.whole * sum + best[tool]!) * (1 + tuning.naming * named[tool]!));
}

/** What a tool would reach that is all about the question's weightiest need and is named after it. */
function idealOf(query: SearchQuery, scores: QueryScores, tuning: SearchTuning): number {
  const needs = query.needs.map((need) =>
    need.reduce((sum, term) => sum + (query.terms[term]!.isPair ? 0 : scores.terms[term]!.ideal), 0),
  );
  return Math.max(...needs, 1e-6) * (tuning.whole + 1) * (1 + tuning.naming);
}
