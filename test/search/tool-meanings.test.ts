/** Tools found by their meaning: learnt once, within what is allowed, and never at the price of an answer. */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { hybridSearch } from "../../src/search/hybrid-search.ts";
import { createOpenAiEmbedder } from "../../src/search/openai-embedder.ts";
import { createToolIndex, type SearchableTool, type ToolSearchOptions } from "../../src/search/tool-index.ts";
import { createVectorMemory, ToolMeanings, type VectorMemory } from "../../src/search/tool-meanings.ts";
import { startToyEmbeddings, type ToyEmbeddings } from "./toy-embeddings.ts";

const server = { id: "s", name: "Helpdesk", type: "mcp" };
const toolsOf = (...names: string[]): SearchableTool[] =>
  names.map((name) => ({ name, description: "", effect: "read", inputSchema: {} }));
const tools = toolsOf("create_issue", "list_users", "play_song");

function learner(toy: ToyEmbeddings, memory: VectorMemory = createVectorMemory(), restMs = 0) {
  const lines: { msg: string; err: { message: string } }[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  const embedder = createOpenAiEmbedder({ baseUrl: `${toy.url}/v1`, model: "m" });
  const meanings = new ToolMeanings({ embedder, model: "m", memory, log, waitMs: 200, restMs });
  const searchOf = (offered: readonly SearchableTool[]) => {
    const index = createToolIndex();
    index.addServer(server, offered);
    const search = hybridSearch(index, meanings.of([{ server, tools: offered }]));
    return async (question: string, options: Partial<ToolSearchOptions> = {}) =>
      (await search(question, { first: 9, ...options })).map(({ toolName }) => toolName);
  };
  /** A search once every tool is embedded. */
  const learnt = async (offered: readonly SearchableTool[]) => {
    const search = searchOf(offered);
    await expect.poll(() => memory.size).toBeGreaterThanOrEqual(offered.length);
    return search;
  };
  return { memory, lines, searchOf, learnt, [Symbol.asyncDispose]: () => meanings.close() };
}

describe("a search by words and by meaning", () => {
  it("finds by meaning what shares no word with the question, and leads with what both find", async () => {
    await using toy = await startToyEmbeddings();
    await using known = learner(toy);
    const search = await known.learnt(tools);
    expect((await search("tune"))[0]).toBe("play_song");
    expect((await search("issue"))[0]).toBe("create_issue");
    expect(known.lines).toEqual([]);
  });

  it("never shows what is not allowed or not asked for, and asks nothing for an empty question", async () => {
    await using toy = await startToyEmbeddings();
    await using known = learner(toy);
    const search = await known.learnt(tools);
    expect(await search("tune", { allowed: (_, name) => name !== "play_song" })).not.toContain("play_song");
    expect(await search("tune", { serverIds: ["other"] })).toEqual([]);
    const asked = toy.requests.length;
    expect(await search("  ")).toEqual([]);
    expect(await search("tune", { first: 0 })).toEqual([]);
    expect(toy.requests).toHaveLength(asked);
  });

  it("asks for each text once: neither tools of an older generation nor a question again", async () => {
    await using toy = await startToyEmbeddings();
    await using known = learner(toy);
    const search = await known.learnt(tools);
    await search("tune");
    const newer = await known.learnt([...tools, ...toolsOf("close_issue")]);
    expect((await newer("tune"))[0]).toBe("play_song");
    expect(toy.texts().filter((text) => text === "tune")).toHaveLength(1);
    expect(toy.texts().filter((text) => text.includes("play song"))).toHaveLength(1);
    expect(toy.texts().at(-1)).toContain("close issue");
  });

  it("remembers vectors for the next configuration with the same model", async () => {
    await using toy = await startToyEmbeddings();
    await using before = learner(toy);
    await before.learnt(tools);
    const asked = toy.requests.length;
    await using after = learner(toy, before.memory);
    const search = await after.learnt(tools);
    expect((await search("tune"))[0]).toBe("play_song");
    expect(toy.texts().slice(-1)).toEqual(["tune"]);
    expect(toy.requests).toHaveLength(asked + 1);
  });
});

describe("an embedder in trouble", () => {
  it("leaves the search to words, is told of once a cause, and is used again when it answers", async () => {
    await using toy = await startToyEmbeddings();
    toy.trouble = { status: 503, json: {} };
    await using known = learner(toy);
    const search = known.searchOf(tools);
    expect(await search("song")).toEqual(["play_song"]);
    expect(await search("song")).toEqual(["play_song"]);
    expect(await search("tune")).toEqual([]);
    expect(known.lines.map(({ err }) => err.message)).toEqual(["The server answered 503."]);
    toy.trouble = undefined;
    await search("tune");
    await expect.poll(() => search("tune")).toContain("play_song");
  });

  it("does not hold a search up when it hangs, and is left alone for a while", async () => {
    await using toy = await startToyEmbeddings();
    toy.trouble = "hang";
    await using known = learner(toy, createVectorMemory(), 60_000);
    const search = known.searchOf(tools);
    expect(await search("song")).toEqual(["play_song"]);
    expect(known.lines.map(({ err }) => err.message)).toEqual(["no answer within 200 ms"]);
    const asked = toy.requests.length;
    expect(await search("users")).toEqual(["list_users"]);
    expect(toy.requests).toHaveLength(asked);
  });

  it("learns the rest when it refuses one batch of texts", async () => {
    await using toy = await startToyEmbeddings();
    toy.trouble = { status: 400, json: { error: { message: "too long" } } };
    await using known = learner(toy);
    const search = known.searchOf(toolsOf(...Array.from({ length: 65 }, (_, at) => `tool_${at}`), "play_song"));
    await toy.sent("tool 0");
    await expect.poll(() => known.lines).toHaveLength(1);
    toy.trouble = undefined;
    await search("tune");
    await toy.sent("play song");
    expect(toy.texts().findIndex((text) => text.includes("play song"))).toBeLessThan(70);
  });
});
