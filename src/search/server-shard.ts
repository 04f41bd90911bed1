/** The part of the tool index that one server makes up: built once, never changed, shared by all copies of an index. */
import { TimeSlice } from "../time-slice.ts";
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
}

/** Where a term occurs in one server. */
export interface Posting {
  readonly term: string;
  readonly shard: ServerShard;
  /** How much the term counts in the server's own name and description, from 0 to 1. */
  readonly serverWeight: number;
  /**
   * For each tool that has the term three numbers, `ENTRY` after `ENTRY`: its position in `toolNames`, how much the
   * term counts in it from 0 to 1, and the part of its name that the term makes up. Flat, since there are very many.
   */
  readonly entries: number[];
}

/** Numbers of one entry of a posting. */
export const ENTRY = 3;

/** Indexes one server at once. */
export function shardOf(server: SearchableServer, tools: readonly SearchableTool[], tuning: SearchTuning): ServerShard {
  const steps = indexing(server, tools, tuning);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Indexes one server in turns with other work: 10,000 tools take half a second. */
export async function shardInTurns(
  server: SearchableServer,
  tools: readonly SearchableTool[],
  tuning: SearchTuning,
): Promise<ServerShard> {
  const steps = indexing(server, tools, tuning);
  const slice = new TimeSlice();
  for (;;) {
    if (slice.isOver) await slice.pause();
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Yields after each tool. */
function* indexing(
  server: SearchableServer,
  tools: readonly SearchableTool[],
  tuning: SearchTuning,
): Generator<undefined, ServerShard> {
  const postings: Posting[] = [];
  const shard: ServerShard = { serverId: server.id, toolNames: tools.map((tool) => tool.name), postings };
  const byTerm = new Map<string, Posting>();
  const ownTerms = termsOfServer(server, tuning);
  const postingOf = (term: string): Posting => {
    const known = byTerm.get(term);
    if (known) return known;
    const posting = { term, shard, serverWeight: saturated(ownTerms.get(term) ?? 0, tuning), entries: [] };
    byTerm.set(term, posting);
    postings.push(posting);
    return posting;
  };
  for (const term of ownTerms.keys()) postingOf(term);
  for (const [position, tool] of tools.entries()) {
    const shares = nameShares(tool.name, tuning.weakShare);
    for (const [term, weight] of termsOfTool(tool, tuning.fields)) {
      postingOf(term).entries.push(position, saturated(weight, tuning), shares.get(term) ?? 0);
    }
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
