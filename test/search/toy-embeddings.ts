/** An OpenAI-compatible embedding service on loopback whose model knows a few subjects, and can be told to misbehave. */
import { once } from "node:events";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../support/upstream.ts";

/** One dimension a subject; further dimensions for all other words, hashed. */
const SUBJECTS = [/broken|issue/i, /people|users/i, /tune|song/i, /cheapest|price/i, /throw away|removes/i];
const HASHED = 16;

export function toyVector(text: string): number[] {
  const hashed = Array.from({ length: HASHED }, () => 0);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    hashed[Buffer.from(word).reduce((sum, letter) => (sum * 31 + letter) % HASHED, 7)]! += 0.05;
  }
  return [...SUBJECTS.map((subject) => (subject.test(text) ? 3 : 0)), ...hashed];
}

export interface ToyEmbeddings extends Upstream {
  /** Absent: it answers as it should. `hang` never answers. */
  trouble: Answer | "hang" | undefined;
  /** All texts it was sent, in their order. */
  texts(): string[];
  /** Resolves when it has been sent a text that holds this. */
  sent(part: string): Promise<void>;
}

export async function startToyEmbeddings(): Promise<ToyEmbeddings> {
  const arrivals = new EventTarget();
  const upstream = await startUpstream(async (request, response) => {
    arrivals.dispatchEvent(new Event("texts"));
    if (toy.trouble === "hang") await once(response, "close");
    return toy.trouble === "hang" ? undefined : (toy.trouble ?? answer(request));
  });
  const toy: ToyEmbeddings = {
    ...upstream,
    trouble: undefined,
    texts: () => upstream.requests.flatMap(textsOf),
    async sent(part) {
      while (!toy.texts().some((text) => text.includes(part))) await once(arrivals, "texts");
    },
  };
  return toy;
}

function textsOf({ body }: ReceivedRequest): string[] {
  return (JSON.parse(body) as { input: string[] }).input;
}

function answer(request: ReceivedRequest): Answer {
  const data = textsOf(request).map((text, index) => ({ object: "embedding", index, embedding: toyVector(text) }));
  return { json: { object: "list", data: data.toReversed(), model: "m" } };
}
