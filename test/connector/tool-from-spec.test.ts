/** What an author's tool is given can be passed on and copied as the plain object that its type says it is. */
import { expect, test } from "vitest";
import { defineConnector, z, type Tool, type ToolRun } from "../../src/index.ts";

const echo = defineConnector({
  type: "echo",
  title: "Echo",
  summary: "Says it back.",
  config: z.object({}),
  authentication: ["none"],
});

function say(run: (call: object) => { keys: string[] }): Tool {
  const tool = echo.tool({
    name: "say",
    summary: "Says it back.",
    effect: "read",
    input: z.object({}),
    output: z.object({ keys: z.array(z.string()) }),
    examples: [],
    run,
  });
  return tool.bind({ config: {}, shared: undefined });
}

/** Counts how often its signal is asked for. */
function runningTool(): ToolRun & { asked: number } {
  return {
    input: {},
    http: {} as ToolRun["http"],
    context: { requestId: "r-1", reportProgress: () => {} },
    asked: 0,
    get signal() {
      this.asked += 1;
      return new AbortController().signal;
    },
  };
}

test("a copy of what a tool is given has all of it", async () => {
  let copy: Record<string, unknown> = {};
  const tool = say((call) => {
    copy = { ...call };
    return { keys: Object.keys(call).toSorted() };
  });
  const run = runningTool();
  expect(await tool.run(run)).toEqual({ keys: ["config", "context", "http", "input", "shared", "signal"] });
  expect(copy.http).toBe(run.http);
  expect(copy.context).toBe(run.context);
  expect(copy.signal).toBeInstanceOf(AbortSignal);
});

test("a tool that does not ask for its signal does not pay for one", async () => {
  const run = runningTool();
  await say(() => ({ keys: [] })).run(run);
  expect(run.asked).toBe(0);
});
