/** Opens the search by meaning that a configuration asks for. */
import type { Logger } from "pino";
import type { EmbedderSettings } from "../config/settings.ts";
import type { Secret } from "../secrets/secret.ts";
import { createOpenAiEmbedder } from "./openai-embedder.ts";
import { ToolMeanings, type VectorMemory } from "./tool-meanings.ts";

/** Absent without an embedder, and when its key is missing: that is logged, and tools are found by words. */
export async function openToolMeanings(options: {
  readonly settings: EmbedderSettings | undefined;
  readonly resolveSecret: (reference: string) => Promise<Secret>;
  readonly memory: VectorMemory;
  readonly log: Logger;
}): Promise<ToolMeanings | undefined> {
  const { settings, memory, log } = options;
  if (!settings) return undefined;
  const { baseUrl, model, apiKeyRef } = settings;
  try {
    const apiKey = apiKeyRef === undefined ? undefined : await options.resolveSecret(apiKeyRef);
    const embedder = createOpenAiEmbedder({ baseUrl, model, ...(apiKey && { apiKey }) });
    return new ToolMeanings({ embedder, model: `${baseUrl}\n${model}`, memory, log });
  } catch (error) {
    log.warn({ err: error }, "the embedder cannot be used; tools are found by words");
    return undefined;
  }
}
