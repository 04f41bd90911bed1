/** The part of the tool index that one server makes up: built once, never changed, shared by all copies of an index. */
import type { SearchTuning } from "./search-tuning.ts";
import {
  countWords,
  nameShares,
  pairsOf,
  stemsOf,
  termsOfTool,
  type SearchableTool,
  type Terms,
} from "./tool-terms.ts";

export interface SearchableServer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description?: string | undefined;
}

export interface ServerShard {
  readonly serverId: string;
  readonly toolNames: readonly string[];
  readonly postings: ReadonlyMap<string, Posting>;
}

/** Where a term occurs in one server. The three lists run in parallel. */
export interface Posting {
  readonly shard: ServerShard;
  /** Positions in `toolNames`. */
  readonly tools: number[];
  /** How much the term counts in each tool. */
  readonly weights: number[];
  /** The part of each tool's name that the term makes up. */
  readonly nameShares: number[];
  /** How much the term counts in the server's own name and description. */
  readonly serverWeight: number;
}

/** Indexes one server. */
export function shardOf(server: SearchableServer, tools: readonly SearchableTool[], tuning: SearchTuning): ServerShard {
  const postings = new Map<string, Posting>();
  const shard: ServerShard = { serverId: server.id, toolNames: tools.map((tool) => tool.name), postings };
  const ownTerms = termsOfServer(server, tuning);
  const postingOf = (term: string): Posting => {
    const known = postings.get(term);
    if (known) return known;
    const posting = { shard, tools: [], weights: [], nameShares: [], serverWeight: ownTerms.get(term) ?? 0 };
    postings.set(term, posting);
    return posting;
  };
  for (const term of ownTerms.keys()) postingOf(term);
  tools.forEach((tool, position) => {
    const shares = nameShares(tool.name, tuning.weakShare);
    for (const [term, weight] of termsOfTool(tool, tuning.fields)) {
      const posting = postingOf(term);
      posting.tools.push(position);
      posting.weights.push(weight);
      posting.nameShares.push(shares.get(term) ?? 0);
    }
  });
  return shard;
}

function termsOfServer(server: SearchableServer, tuning: SearchTuning): Terms {
  const terms: Terms = new Map();
  const name = stemsOf(`${server.name} ${server.id} ${server.type}`);
  countWords(terms, new Set([...name, ...pairsOf(name)]), tuning.fields.serverName);
  countWords(terms, stemsOf(server.description ?? ""), tuning.fields.server);
  return terms;
}
