/** With an embedder, callers find tools by what they mean; without its help, by words; never what policy hides. */
import { describe, expect, test } from "vitest";
import { startToyEmbeddings } from "../search/toy-embeddings.ts";
import type { StartedGateway } from "../support/start-gateway.ts";
import { openShop, shopServer } from "./open-shop.ts";

const SEARCH = "query ($query: String!) { searchTools(query: $query) { tool { name } matched } }";
const readers = {
  env: { READER_KEY: "reader-key-of-the-tests", EMBEDDER_KEY: "embedder-key-of-the-tests" },
  auth: { api_keys: [{ id: "reader", key_ref: "READER_KEY", roles: ["reader"] }] },
  policies: [{ roles: ["reader"], allow: [{ effects: ["read"] }] }],
};
const reader = { authorization: "Bearer reader-key-of-the-tests" };

function searching(url: string, model = "toy") {
  return {
    env: readers.env,
    gateway: { search: { embedder: { base_url: `${url}/v1`, model, api_key_ref: "EMBEDDER_KEY" } } },
  };
}

async function byGraphql(gateway: StartedGateway, query: string, headers = {}): Promise<string[]> {
  const { body } = await gateway.graphql(SEARCH, { query }, headers);
  return body.data.searchTools.map((match: { tool: { name: string } }) => match.tool.name);
}

async function byRest(gateway: StartedGateway, query: string, headers = {}): Promise<string[]> {
  const { body } = await gateway.get(`/api/v1/mcp/tools?query=${encodeURIComponent(query)}`, headers);
  return Object.values(body.routes as Record<string, { tool_name: string }>).map((route) => route.tool_name);
}

describe("with an embedder", () => {
  test("both doors find by meaning what words cannot", async () => {
    await using toy = await startToyEmbeddings();
    await using plain = await openShop();
    expect(await byGraphql(plain.gateway, "cheapest")).not.toContain("list_items");
    await using opened = await openShop(searching(toy.url));
    await expect.poll(() => byGraphql(opened.gateway, "cheapest")).toContain("list_items");
    expect((await byGraphql(opened.gateway, "cheapest"))[0]).toBe("list_items");
    expect((await byRest(opened.gateway, "cheapest"))[0]).toBe("list_items");
    expect(toy.requests[0]?.headers.authorization).toBe("Bearer embedder-key-of-the-tests");
  });

  test("what policy hides is not found by meaning either", async () => {
    await using toy = await startToyEmbeddings();
    const { env, ...policy } = readers;
    await using opened = await openShop({ env, gateway: { ...searching(toy.url).gateway, ...policy } });
    const { gateway } = opened;
    await expect.poll(() => byGraphql(gateway, "cheapest", reader)).toContain("list_items");
    for (const search of [byGraphql, byRest]) {
      const found = await search(gateway, "throw away", reader);
      expect(found).not.toContain("remove_item");
      expect(found).toContain("list_items");
    }
  });

  test("a down embedder costs neither the start nor an answer, and callers are told nothing of it", async () => {
    const toy = await startToyEmbeddings();
    await toy[Symbol.asyncDispose]();
    await using opened = await openShop(searching(toy.url));
    const { gateway } = opened;
    expect((await byGraphql(gateway, "removes an item"))[0]).toBe("remove_item");
    expect((await byRest(gateway, "removes an item"))[0]).toBe("remove_item");
    const told = gateway.logLines().filter(({ component }) => component === "search");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ level: "warn", msg: expect.stringContaining("found by words") });
  });

  test("a missing key leaves the search to words and is logged", async () => {
    await using toy = await startToyEmbeddings();
    await using opened = await openShop({ gateway: searching(toy.url).gateway });
    expect((await byGraphql(opened.gateway, "removes an item"))[0]).toBe("remove_item");
    expect(toy.requests).toEqual([]);
    expect(JSON.stringify(opened.gateway.logLines())).toContain("EMBEDDER_KEY");
  });

  test("a changed configuration embeds only what is new, and may do without", async () => {
    await using toy = await startToyEmbeddings();
    const { env, gateway: settings } = searching(toy.url);
    await using opened = await openShop({ env, gateway: settings });
    const { gateway, shop } = opened;
    await expect.poll(() => byGraphql(gateway, "cheapest")).toContain("list_items");
    const before = toy.texts();
    const servers = [shopServer(shop.url), shopServer(shop.url, { id: "kiosk", name: "Kiosk" })];
    await gateway.apply({ servers, gateway: settings });
    await toy.sent("Kiosk: list items");
    expect(
      toy
        .texts()
        .slice(before.length)
        .every((text) => text.startsWith("Kiosk: ")),
    ).toBe(true);
    await gateway.apply({ servers, gateway: {} });
    expect(await byGraphql(gateway, "cheapest")).toEqual([]);
  });
});
