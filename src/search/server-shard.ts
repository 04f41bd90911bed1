/** The part of the tool index that one server makes up: built once, never changed, shared by all copies of an index. */
import { atOnce, inTurns } from "../time-slice.ts";
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
  readonly postings: readonly Posting[];
  /**
   * For each tool that has a term three numbers, `ENTRY` after `ENTRY`: its position in `toolNames`, how much the term
   * counts in it from 0 to 1, and the part of its name that the term makes up. Those of one term stand together. Flat,
   * since there are very many.
   */
  readonly entries: Float32Array;
}

/** Where a term occurs in one server. */
export interface Posting {
  readonly term: string;
  readonly shard: ServerShard;
  /** How much the term counts in the server's own name and description, from 0 to 1. */
  readonly serverWeight: number;
  /** Where its entries begin and end among those of the shard. */
  readonly from: number;
  readonly to: number;
}

/** Numbers of one entry of a posting. */
export const ENTRY = 3;

/** Indexes one server at once. */
export function shardOf(server: SearchableServer, tools: readonly SearchableTool[], tuning: SearchTuning): ServerShard {
  return atOnce(indexing(server, tools, tuning));
}

/** Indexes one server in turns with other work: 10,000 tools take half a second. */
export function shardInTurns(
  server: SearchableServer,
  tools: readonly SearchableTool[],
  tuning: SearchTuning,
): Promise<ServerShard> {
  return inTurns(indexing(server, tools, tuning));
}

/** Yields after each tool and each term. */
function* indexing(
  server: SearchableServer,
  tools: readonly SearchableTool[],
  tuning: SearchTuning,
): Generator<undefined, ServerShard> {
  const ownTerms = termsOfServer(server, tuning);
  const byTerm = new Map<string, number[]>();
  for (const term of ownTerms.keys()) byTerm.set(term, []);
  let length = 0;
  for (const [position, tool] of tools.entries()) {
    const shares = nameShares(tool.name, tuning.weakShare);
    for (const [term, weight] of termsOfTool(tool, tuning.fields)) {
      let found = byTerm.get(term);
      if (!found) byTerm.set(term, (found = []));
      found.push(position, saturated(weight, tuning), shares.get(term) ?? 0);
      length += ENTRY;
    }
    yield;
  }
  const entries = new Float32Array(length);
  const postings: Posting[] = [];
  const shard: ServerShard = { serverId: server.id, toolNames: tools.map(({ name }) => name), postings, entries };
  let from = 0;
  for (const [term, found] of byTerm) {
    const to = from + found.length;
    entries.set(found, from);
    postings.push({ term, shard, serverWeight: saturated(ownTerms.get(term) ?? 0, tuning), from, to });
    from = to;
    yield;
  }
  return shard;
}

/** A word that stands there twice does not tell twice as much: from 0 towards 1. */
function saturated(weight: number, tuning: SearchTuning): number {
  return weight / (tuning.saturation + weight);
}

function termsOfServer(server: SearchableServer, tuning: SearchTuning): Terms {
  const terms: Terms = new Map();
  const name = stemsOf(`${server.name} ${server.id} ${server.type}`);
  countWords(terms, new Set([...name, ...pairsOf(name)]), tuning.fields.serverName);
  countWords(terms, stemsOf(server.description ?? ""), tuning.fields.server);
  return terms;
}
