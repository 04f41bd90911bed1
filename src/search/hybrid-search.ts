/** Finds tools by their words and by their meaning, and joins the two orders. */
import type { SearchTools, ToolIndex, ToolMatch } from "./tool-index.ts";
import type { SearchByMeaning } from "./tool-meanings.ts";

/** So many of each order are joined. */
const POOL = 100;
/** Softens the lead of first places: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) with their 60. */
const RANK_OFFSET = 60;

/**
 * A search that goes on by words alone while the meaning of a question is not known.
 *
 * @example
 * const search = hybridSearch(index, meanings.of(servers));
 * await search("something is broken, tell the team", { first: 5 });
 */
export function hybridSearch(index: ToolIndex, byMeaning: SearchByMeaning): SearchTools {
  return async (question, options) => {
    if (!(options.first >= 1) || question.trim() === "") return [];
    const pool = { ...options, first: Math.max(POOL, options.first) };
    const asked = byMeaning(question, pool);
    const byWords = index.search(question, pool);
    const nearest = await asked;
    return (nearest ? join(byWords, nearest) : byWords).slice(0, options.first);
  };
}

/** Adds up the reciprocal ranks; 1 is the score of what both put first. */
function join(byWords: readonly ToolMatch[], byMeaning: readonly ToolMatch[]): ToolMatch[] {
  const joined = new Map<string, ToolMatch>();
  for (const order of [byWords, byMeaning]) {
    order.forEach((match, rank) => {
      const key = `${match.serverId}\n${match.toolName}`;
      const known = joined.get(key);
      const score = (known?.score ?? 0) + (RANK_OFFSET + 1) / (RANK_OFFSET + 1 + rank) / 2;
      joined.set(key, { ...match, score, matched: known?.matched ?? match.matched });
    });
  }
  // What scores alike stays in the order of its words, then of its meaning.
  return [...joined.values()].toSorted((a, b) => b.score - a.score);
}
