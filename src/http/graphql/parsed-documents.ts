/** Parses operations and remembers them for all views: a document means the same syntax to everybody. */
import { parse, type DocumentNode } from "graphql";
import { LRUCache } from "lru-cache";

/** Characters of remembered documents; their trees take about a hundred times as many bytes. */
const MOST_CHARACTERS = 1_000_000;
/** Longer ones are one-off and not remembered. */
const LONGEST = 20_000;

export class ParsedDocuments {
  readonly #documents = new LRUCache<string, DocumentNode>({
    max: 2000,
    maxSize: MOST_CHARACTERS,
    maxEntrySize: LONGEST,
    sizeCalculation: (_, source) => source.length + 1,
  });
  /** The last one, however long: both paths of one request ask for it. */
  #last: { readonly source: string; readonly maxTokens: number; readonly document: DocumentNode } | undefined;

  /** Throws graphql-js's error for what does not parse or has too many tokens. */
  parse(source: string, maxTokens: number): DocumentNode {
    const last = this.#last;
    if (last?.source === source && last.maxTokens === maxTokens) return last.document;
    let document = this.#documents.get(source);
    // Limits may differ from one configuration to the next.
    if (!document || (document.tokenCount ?? 0) > maxTokens) {
      document = parse(source, { maxTokens });
      this.#documents.set(source, document);
    }
    this.#last = { source, maxTokens, document };
    return document;
  }
}
