/** An author's code may answer at once instead of by a promise, and throw at once: for one input and for many. */
import { expect, test, vi } from "vitest";
import { CatalogueError, defineConnector, z } from "../../src/index.ts";
import { startGateway } from "../support/start-gateway.ts";

const Answer = z.object({ doubled: z.number() });
const connector = defineConnector({
  type: "custom_api",
  title: "Doubler",
  summary: "Doubles numbers.",
  config: z.object({}),
  authentication: ["none"],
});

/** Above 100 both forms throw. */
function doubled(number: number): z.input<typeof Answer> {
  if (number > 100) throw new CatalogueError("MCP_SERVER_ERROR", "Too much.");
  return { doubled: 2 * number };
}

const double = connector.tool({
  name: "double",
  summary: "Doubles a number.",
  effect: "read",
  input: z.object({ number: z.number() }),
  output: Answer,
  examples: [],
  batch: { maxSize: 10, run: ({ inputs }) => inputs.map(({ number }) => doubled(number)) },
  run: ({ input }) => doubled(input.number),
});

const server = {
  id: "doubler",
  type: "custom_api",
  base_url: "http://127.0.0.1:9",
  timeout_ms: 60_000,
  retry_policy: { max_attempts: 1 },
};
const connectors = new Map([["custom_api", connector.connect([double])]]);
const QUERY =
  "mutation ($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { status output error { code message } } }";
const calls = (...numbers: number[]) => ({
  calls: numbers.map((number) => ({ serverId: "doubler", toolName: "double", input: { number } })),
});

test("one by one and together", async () => {
  await using gateway = await startGateway({ servers: [server], connectors });
  const alone = await gateway.graphql(QUERY, calls(1));
  const together = await gateway.graphql(QUERY, calls(1, 2, 3));
  expect(alone.body.data.executeTools).toEqual([{ status: "SUCCESS", output: { doubled: 2 }, error: null }]);
  expect(together.body.data.executeTools).toMatchObject([2, 4, 6].map((number) => ({ output: { doubled: number } })));
});

test("what is thrown at once is the call's error, and leaves no timer behind", async () => {
  await using gateway = await startGateway({ servers: [server], connectors });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  await gateway.graphql(QUERY, calls(1));
  const before = timers();
  for (const numbers of [[101], [101, 102, 103]]) {
    const { body } = await gateway.graphql(QUERY, calls(...numbers));
    expect(body.data.executeTools).toMatchObject(numbers.map(() => ({ error: { message: "Too much." } })));
  }
  await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before), 10_000);
});
