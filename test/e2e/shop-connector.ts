/** A small server type for the end-to-end stories: a shop whose items misbehave as their ids say. */
import { defineConnector, z } from "../../src/index.ts";

const shop = defineConnector({
  type: "shop",
  title: "Shop",
  summary: "A shop with items.",
  config: z.object({ region: z.string().optional() }),
  authentication: ["none", "bearer_token"],
});

const ItemId = z.string().min(1).max(100).describe("Id of the item.");
const Item = z.object({ item_id: z.string(), name: z.string(), in_stock: z.boolean().optional() });

export const getItem = shop.tool({
  name: "get_item",
  summary: "Gets one item.",
  useWhen: "You know the item's id.",
  insteadUse: { "find items": "list_items" },
  effect: "read",
  input: z.object({ item_id: ItemId, tag: z.string().optional().describe("Travels in a header.") }),
  output: Item,
  examples: [{ input: { item_id: "1" }, output: { item_id: "1", name: "Item 1", in_stock: true } }],
  run: async ({ input, http }) =>
    (
      await http.get(`/items/${encodeURIComponent(input.item_id)}`, {
        headers: input.tag === undefined ? {} : { "x-tag": input.tag },
      })
    ).as(Item),
});

export const listItems = shop.tool({
  name: "list_items",
  summary: "Lists items by their price.",
  effect: "read",
  input: z.object({ limit: z.number().int().min(1).max(100).default(3) }),
  output: z.object({ items: z.array(Item), more: z.boolean() }),
  examples: [{ input: { limit: 2 } }],
  run: async ({ input, http }) =>
    (await http.get("/items", { query: { limit: input.limit } })).as(
      z.object({ items: z.array(Item), more: z.boolean() }),
    ),
});

export const addItem = shop.tool({
  name: "add_item",
  summary: "Adds an item to the shop.",
  effect: "write",
  input: z.object({
    name: z.string().min(1).max(50),
    attributes: z.record(z.string(), z.unknown()).optional(),
  }),
  output: Item,
  examples: [{ input: { name: "Lamp" } }],
  run: async ({ input, http, context }) =>
    (await http.post("/items", { json: { ...input, thread: context.conversation?.threadId } })).as(Item),
});

export const removeItem = shop.tool({
  name: "remove_item",
  summary: "Removes an item for good.",
  effect: "destructive",
  input: z.object({ item_id: ItemId }),
  output: z.object({ removed: z.boolean() }),
  examples: [{ input: { item_id: "1" } }],
  run: async ({ input, http }) => {
    await http.delete(`/items/${encodeURIComponent(input.item_id)}`);
    return { removed: true };
  },
});

/** A connector's own defect, which no caller may see the inside of. */
export const breakDown = shop.tool({
  name: "break_down",
  summary: "Fails as defective code does.",
  effect: "read",
  input: z.object({ times: z.number().int().default(1) }),
  output: Item,
  examples: [],
  run: () => {
    throw new TypeError("Cannot read /etc/shop/secret of undefined");
  },
});

export const shopConnector = shop.connect([getItem, listItems, addItem, removeItem, breakDown]);

/** The connectors of a gateway that knows nothing but shops. */
export const shopOnly = new Map([["shop", shopConnector]]);
