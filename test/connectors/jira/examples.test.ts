import { describe, expect, test } from "vitest";
import jira from "../../../connectors/jira/index.ts";
import { startJira } from "./jira-contract.ts";
import { answerFor } from "./sample-answers.ts";

describe.each(jira.tools!.map((tool) => ({ name: tool.name, tool })))("the examples of $name", ({ name, tool }) => {
  test("there is at least one", () => {
    expect(tool.examples.length).toBeGreaterThan(0);
  });

  test.each(tool.examples.map((example) => ({ title: example.title ?? "example", example })))(
    "$title",
    async ({ example }) => {
      await using jiraServer = await startJira(answerFor);
      expect(await jiraServer.server.run(name, example.input)).toEqual(example.output);
    },
  );
});
