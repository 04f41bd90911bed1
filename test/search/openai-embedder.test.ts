/** What is sent to a service that speaks the OpenAI embeddings API, and what becomes of its answers. */
import { describe, expect, it } from "vitest";
import { createOpenAiEmbedder } from "../../src/search/openai-embedder.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startToyEmbeddings, toyVector } from "./toy-embeddings.ts";

function embedderAt(url: string) {
  const embedder = createOpenAiEmbedder({
    baseUrl: `${url}/v1`,
    model: "m",
    apiKey: new Secret("key-1"),
    batchSize: 2,
  });
  return { ...embedder, [Symbol.asyncDispose]: () => embedder.close() };
}

describe("an OpenAI-compatible embedder", () => {
  it("sends texts in batches with the key, and gives the vectors in the order of the texts", async () => {
    await using toy = await startToyEmbeddings();
    await using embedder = embedderAt(toy.url);
    const texts = ["a song", "broken", "people"];
    expect(await embedder.embed(texts)).toEqual(texts.map((text) => Float32Array.from(toyVector(text))));
    expect(toy.requests.map(({ path }) => path)).toEqual(["/v1/embeddings", "/v1/embeddings"]);
    expect(toy.requests[0]?.headers.authorization).toBe("Bearer key-1");
    expect(JSON.parse(toy.requests[1]?.body ?? "")).toMatchObject({ model: "m", input: ["people"] });
  });

  it("fails with a catalogue error when the service refuses the key, or leaves a text out", async () => {
    await using toy = await startToyEmbeddings();
    await using embedder = embedderAt(toy.url);
    toy.trouble = { status: 401, json: { error: { message: "bad key" } } };
    await expect(embedder.embed(["x"])).rejects.toMatchObject({ code: "MCP_AUTHENTICATION_FAILURE" });
    for (const data of [
      [],
      [{ index: 1, embedding: [1] }],
      [
        { index: 0, embedding: [1] },
        { index: 5, embedding: [1] },
      ],
    ]) {
      toy.trouble = { json: { data } };
      await expect(embedder.embed(["x"])).rejects.toMatchObject({ code: "DATA_TRANSFORMATION_ERROR" });
    }
  });

  it("closes under a request that is never answered", async () => {
    await using toy = await startToyEmbeddings();
    await using embedder = embedderAt(toy.url);
    toy.trouble = "hang";
    const asked = expect(embedder.embed(["x"])).rejects.toBeDefined();
    await toy.sent("x");
    await embedder.close();
    await asked;
  });
});
