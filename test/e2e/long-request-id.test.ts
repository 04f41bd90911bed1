/** A `request_id` is kept for a day: one that is too long is refused at every door, and the tool is not run. */
import { expect, test } from "vitest";
import { openShop } from "./open-shop.ts";

const LONG = "k".repeat(201);

test("each door says what is wrong with it, and nothing reaches the server", async () => {
  await using opened = await openShop();
  const { gateway } = opened;
  const call = { serverId: "shop", toolName: "add_item", input: { name: "x" } };
  const byName = await gateway.graphql(
    'mutation ($input: JSON, $key: String) { executeTool(serverId: "shop", toolName: "add_item", input: $input, requestId: $key) { status error { code details } } }',
    { input: call.input, key: LONG },
  );
  const listed = await gateway.graphql(
    "mutation ($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { status error { code } } }",
    {
      calls: [
        { ...call, requestId: LONG },
        { ...call, requestId: LONG.slice(1) },
      ],
    },
  );
  const typed = await gateway.graphql(
    'mutation ($key: String) { shop { addItem(name: "x", requestId: $key) { name } } }',
    {
      key: LONG,
    },
  );
  const rest = await gateway.rest({
    server_id: "shop",
    tool_name: "add_item",
    tool_input: call.input,
    request_id: LONG,
  });
  const byPath = await gateway.restByPath("shop", "add_item", call.input, { "idempotency-key": LONG });

  expect(byName.body.data.executeTool).toMatchObject({
    status: "ERROR",
    error: { code: "VALIDATION_ERROR", details: [{ path: "request_id", expected: "at most 200 characters" }] },
  });
  expect(listed.body.data.executeTools).toMatchObject([
    { status: "ERROR", error: { code: "VALIDATION_ERROR" } },
    { status: "SUCCESS", error: null },
  ]);
  expect(typed.body.errors).toMatchObject([{ extensions: { code: "VALIDATION_ERROR" } }]);
  for (const { status, body } of [rest, byPath]) {
    expect(status).toBe(400);
    expect(body.error.code).toBe("VALIDATION_ERROR");
  }
  expect(opened.shop.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});
