/** Finds tools by their words and, where an embedder is at hand, by their meaning, and joins the two orders. */
import type { Embedder } from "./embedder.ts";
import type { SearchableServer, SearchableTool, ToolIndex, ToolMatch, ToolSearchOptions } from "./tool-index.ts";

export interface HybridSearch {
  /** Tools are found by their words at once, and by their meaning when the promise resolves. Never rejects. */
  addServer(server: SearchableServer, tools: readonly SearchableTool[]): Promise<void>;
  removeServer(id: string): void;
  /** As in the tool index; by words alone while the embedder fails. */
  search(question: string, options: ToolSearchOptions): Promise<ToolMatch[]>;
}

interface Meaning {
  readonly toolName: string;
  /** Of length one. */
  readonly vector: Float32Array;
}

/** So many of each order are joined. */
const POOL = 100;
/** Softens the lead of first places: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) with their 60. */
const RANK_OFFSET = 60;
const MOST_CHARACTERS = 2_000;

/**
 * Joins a tool index and an embedder. `failed` is told of each failure of the embedder.
 *
 * @example
 * const search = createHybridSearch(createToolIndex(), embedder, (error) => log.warn(error));
 * await search.addServer({ id: "jira-1", name: "Jira", type: "jira" }, tools);
 * await search.search("something is broken, tell the team", { first: 5 });
 */
export function createHybridSearch(
  index: ToolIndex,
  embedder: Embedder,
  failed: (error: unknown) => void,
): HybridSearch {
  const meanings = new Map<string, readonly Meaning[]>();
  const nearest = async (question: string, options: ToolSearchOptions): Promise<ToolMatch[]> => {
    const [vector] = await embedder.embed([question.slice(0, MOST_CHARACTERS)]);
    const only = options.serverIds && new Set(options.serverIds);
    const found: ToolMatch[] = [];
    for (const [serverId, tools] of meanings) {
      if (only && !only.has(serverId)) continue;
      for (const tool of tools) {
        if (options.allowed && !options.allowed(serverId, tool.toolName)) continue;
        found.push({ serverId, toolName: tool.toolName, score: dot(unit(vector!), tool.vector), matched: ["meaning"] });
      }
    }
    return found.toSorted((a, b) => b.score - a.score || compare(keyOf(a), keyOf(b))).slice(0, POOL);
  };
  return {
    async addServer(server, tools) {
      index.addServer(server, tools);
      const pending: readonly Meaning[] = [];
      meanings.set(server.id, pending);
      try {
        const vectors = await embedder.embed(tools.map((tool) => textOf(server, tool)));
        const known = tools.map((tool, at) => ({ toolName: tool.name, vector: unit(vectors[at]!) }));
        // The server may have gone, or come anew with other tools, while the embedder was at work.
        if (meanings.get(server.id) === pending) meanings.set(server.id, known);
      } catch (error) {
        failed(error);
      }
    },
    removeServer(id) {
      index.removeServer(id);
      meanings.delete(id);
    },
    async search(question, options) {
      const byWords = index.search(question, { ...options, first: Math.max(POOL, options.first) });
      if (!(options.first >= 1) || question.trim() === "") return byWords.slice(0, Math.max(0, options.first));
      try {
        return join(byWords, await nearest(question, options)).slice(0, options.first);
      } catch (error) {
        failed(error);
        return byWords.slice(0, options.first);
      }
    },
  };
}

/** Adds up the reciprocal ranks; 1 is the score of what both put first. */
function join(byWords: readonly ToolMatch[], byMeaning: readonly ToolMatch[]): ToolMatch[] {
  const joined = new Map<string, ToolMatch>();
  for (const order of [byWords, byMeaning]) {
    order.forEach((match, rank) => {
      const known = joined.get(keyOf(match));
      const score = (known?.score ?? 0) + (RANK_OFFSET + 1) / (RANK_OFFSET + 1 + rank) / 2;
      joined.set(keyOf(match), { ...match, score, matched: known?.matched ?? match.matched });
    });
  }
  return [...joined.values()].toSorted((a, b) => b.score - a.score || compare(keyOf(a), keyOf(b)));
}

function textOf(server: SearchableServer, tool: SearchableTool): string {
  const name = tool.title ?? tool.name.replaceAll(/[_-]+/g, " ");
  return `${server.name}: ${name}. ${tool.description}`.slice(0, MOST_CHARACTERS);
}

function keyOf(match: ToolMatch): string {
  return `${match.serverId}\n${match.toolName}`;
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

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
