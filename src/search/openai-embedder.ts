/** Embeds texts at any service that speaks the OpenAI embeddings API: OpenAI, Ollama, vLLM, Text Embeddings Inference. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { bearerCredential, noCredential } from "../outbound/authorizer.ts";
import { HttpUpstream } from "../outbound/http-upstream.ts";
import type { Secret } from "../secrets/secret.ts";
import type { Embedder } from "./embedder.ts";

export interface OpenAiEmbedderOptions {
  /** With the version, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: Secret;
  /** Longest one request may take, milliseconds; 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Most texts of one request; 64 unless given. */
  readonly batchSize?: number;
}

const Answer = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
});

/**
 * An embedder with its own connections; `close` it when done. Fails with the catalogue codes of an HTTP server.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 * @example
 * const embedder = createOpenAiEmbedder({ baseUrl: "http://127.0.0.1:11434/v1", model: "nomic-embed-text" });
 * const [vector] = await embedder.embed(["open a ticket"]);
 */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { model, timeoutMs = 10_000, batchSize = 64 } = options;
  const upstream = new HttpUpstream({
    baseUrl: options.baseUrl,
    authorizer: options.apiKey ? bearerCredential(options.apiKey) : noCredential,
    config: undefined,
    connections: 4,
  });
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const embedBatch = async (input: readonly string[]): Promise<Float32Array[]> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const http = upstream.client({ signal, requestId: randomUUID() });
    const answer = await http.post("/embeddings", { json: { model, input, encoding_format: "float" } });
    const vectors: Float32Array[] = [];
    for (const { index, embedding } of answer.as(Answer).data) vectors[index] = Float32Array.from(embedding);
    const length = vectors[0]?.length;
    if (vectors.length !== input.length || input.some((_, at) => vectors[at]?.length !== length)) {
      throw new CatalogueError("DATA_TRANSFORMATION_ERROR", "The embedding service did not answer every text alike.", {
        status: 502,
      });
    }
    return vectors;
  };
  return {
    async embed(texts) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += batchSize) {
        vectors.push(...(await embedBatch(texts.slice(at, at + batchSize))));
      }
      return vectors;
    },
    close() {
      closing.abort();
      closed ??= upstream.close();
      return closed;
    },
  };
}
