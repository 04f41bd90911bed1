/** Answers introspection of one graph: each operation is worked out once, off the way of other requests, and kept compressed. */
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { DocumentNode, OperationDefinitionNode, VariableValues } from "graphql";
import { LRUCache } from "lru-cache";
import { TimeSlice } from "../../../time-slice.ts";
import type { ViewGraph } from "../view-graph.ts";
import { selectFields, type Selection } from "./select-fields.ts";
import { writeIntrospection } from "./write-introspection.ts";

export interface IntrospectionAnswer {
  /** JSON text in gzip. */
  readonly gzip: Uint8Array;
  /** The same uncompressed; absent when it is large: 10,000 tools make 20 MB of text and 0.3 MB of gzip. */
  readonly plain: Uint8Array | undefined;
}

/** Bytes kept for one graph. */
const MOST_KEPT_BYTES = 2 * 1024 * 1024;
const MOST_PLAIN_BYTES = 256 * 1024;
const CHUNK_LENGTH = 64 * 1024;
/** Values an answer may hold: enough for each tool's fields and types several times over. */
const VALUES_PER_TOOL = 1000;
const VALUES_BESIDES = 100_000;

/** One at a time in the whole process: what is worked out in turns with others must not become their only neighbour. */
let queue: Promise<unknown> = Promise.resolve();

export class IntrospectionAnswers {
  readonly #graph: ViewGraph;
  readonly #answers = new LRUCache<string, IntrospectionAnswer>({
    maxSize: MOST_KEPT_BYTES,
    sizeCalculation: ({ gzip, plain }) => gzip.byteLength + (plain?.byteLength ?? 0) + 1,
  });
  readonly #running = new Map<string, Promise<IntrospectionAnswer>>();
  #worked = 0;

  constructor(graph: ViewGraph) {
    this.#graph = graph;
  }

  /** How many answers had to be worked out. */
  get worked(): number {
    return this.#worked;
  }

  /** Concurrent askers of one operation share its answer. Rejects with `TooManyValues` for what is out of proportion. */
  answer(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
  ): IntrospectionAnswer | Promise<IntrospectionAnswer> {
    const key = JSON.stringify([document.loc?.source.body, operation.name?.value, variables.coerced]);
    const known = this.#answers.get(key) ?? this.#running.get(key);
    if (known) return known;
    const work = queue.then(async () => {
      this.#worked += 1;
      const answer = await this.#work(selectFields(this.#graph.schema, document, operation.selectionSet, variables));
      this.#answers.set(key, answer);
      return answer;
    });
    queue = work.catch(() => {});
    const shared = work.finally(() => this.#running.delete(key));
    this.#running.set(key, shared);
    return shared;
  }

  async #work(selection: Selection): Promise<IntrospectionAnswer> {
    let length = 0;
    let plain: string[] | undefined = [];
    const pieces = writeIntrospection(this.#graph, selection, VALUES_BESIDES + VALUES_PER_TOOL * this.#graph.size);
    const chunks = async function* (): AsyncGenerator<string> {
      const slice = new TimeSlice();
      let text = "";
      const takeText = (): string => {
        const chunk = text;
        text = "";
        length += chunk.length;
        if (length <= MOST_PLAIN_BYTES) plain?.push(chunk);
        else plain = undefined;
        return chunk;
      };
      for (const piece of pieces) {
        text += piece;
        if (text.length >= CHUNK_LENGTH) yield takeText();
        if (slice.isOver) await slice.pause();
      }
      yield takeText();
    };
    const compressed = new PassThrough();
    const [gzip] = await Promise.all([buffer(compressed), pipeline(chunks, createGzip(), compressed)]);
    return { gzip, plain: plain && Buffer.from(plain.join(""), "utf8") };
  }
}
