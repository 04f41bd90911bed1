import { describe, expect, it } from "vitest";
import { createHybridSearch } from "../../src/search/hybrid-search.ts";
import { createOpenAiEmbedder } from "../../src/search/openai-embedder.ts";
import { createToolIndex, type SearchableTool } from "../../src/search/tool-index.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../support/upstream.ts";

const server = { id: "s", name: "Helpdesk", type: "mcp" };
const tools = ["create_issue", "list_users", "play_song"].map((name): SearchableTool => ({
  name,
  description: "",
  effect: "read",
  inputSchema: {},
}));

/** Stands in for a model: one dimension a subject, by the words that a text has of it. */
const subjects = [/broken|issue/i, /people|users/i, /tune|song/i];
function vectorOf(text: string): number[] {
  return subjects.map((subject) => (subject.test(text) ? 3 : 0.1));
}

function embeddings(request: ReceivedRequest): Answer {
  const { input } = JSON.parse(request.body) as { input: string[] };
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) }));
  return { json: { object: "list", data: data.toReversed(), model: "m" } };
}

function embedderOf(upstream: Upstream, batchSize = 2) {
  const embedder = createOpenAiEmbedder({
    baseUrl: `${upstream.url}/v1`,
    model: "m",
    apiKey: new Secret("key-1"),
    batchSize,
  });
  return { ...embedder, [Symbol.asyncDispose]: () => embedder.close() };
}

describe("an OpenAI-compatible embedder", () => {
  it("sends texts in batches with the key, and gives the vectors in the order of the texts", async () => {
    await using upstream = await startUpstream(embeddings);
    await using embedder = embedderOf(upstream);
    const texts = ["a song", "broken", "people"];
    expect(await embedder.embed(texts)).toEqual(texts.map((text) => Float32Array.from(vectorOf(text))));
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/embeddings", "/v1/embeddings"]);
    expect(upstream.requests[0]?.headers.authorization).toBe("Bearer key-1");
    expect(JSON.parse(upstream.requests[1]?.body ?? "")).toMatchObject({ model: "m", input: ["people"] });
  });

  it("fails with a catalogue error when the service refuses the key, or leaves a text out", async () => {
    let answer: Answer = { status: 401, json: { error: { message: "bad key" } } };
    await using upstream = await startUpstream(() => answer);
    await using embedder = embedderOf(upstream);
    await expect(embedder.embed(["x"])).rejects.toMatchObject({ code: "MCP_AUTHENTICATION_FAILURE" });
    for (const data of [
      [],
      [{ index: 1, embedding: [1] }],
      [
        { index: 0, embedding: [1] },
        { index: 5, embedding: [1] },
      ],
    ]) {
      answer = { json: { data } };
      await expect(embedder.embed(["x"])).rejects.toMatchObject({ code: "DATA_TRANSFORMATION_ERROR" });
    }
  });
});

describe("a search by words and by meaning", () => {
  it("finds by meaning what shares no word with the question, and leads with what both find", async () => {
    await using upstream = await startUpstream(embeddings);
    await using embedder = embedderOf(upstream);
    const search = createHybridSearch(createToolIndex(), embedder, (error) => expect.unreachable(String(error)));
    await search.addServer(server, tools);
    const [tune] = await search.search("tune", { first: 1 });
    expect(tune).toMatchObject({ toolName: "play_song", matched: ["meaning"] });
    const [issue] = await search.search("issue", { first: 1 });
    expect(issue).toMatchObject({ toolName: "create_issue", matched: ["issue"], score: 1 });
  });

  it("never shows what is not allowed, not asked for, or gone", async () => {
    await using upstream = await startUpstream(embeddings);
    await using embedder = embedderOf(upstream);
    const search = createHybridSearch(createToolIndex(), embedder, (error) => expect.unreachable(String(error)));
    await search.addServer(server, tools);
    const allowed = (_: string, name: string): boolean => name !== "play_song";
    const found = await search.search("tune", { first: 9, allowed });
    expect(found.map(({ toolName }) => toolName).toSorted()).toEqual(["create_issue", "list_users"]);
    expect(await search.search("tune", { first: 9, serverIds: ["other"] })).toEqual([]);
    const added = search.addServer(server, tools);
    search.removeServer("s");
    await added;
    expect(await search.search("tune", { first: 9 })).toEqual([]);
  });

  it("goes on by words when the embedder fails, and says so", async () => {
    await using upstream = await startUpstream(() => ({ status: 503, json: {} }));
    await using embedder = embedderOf(upstream);
    const failures: unknown[] = [];
    const search = createHybridSearch(createToolIndex(), embedder, (error) => failures.push(error));
    await search.addServer(server, tools);
    const found = await search.search("song", { first: 5 });
    expect(found.map(({ toolName }) => toolName)).toEqual(["play_song"]);
    expect(failures).toHaveLength(2);
    expect(failures[0]).toMatchObject({ code: "MCP_SERVER_ERROR" });
  });
});
