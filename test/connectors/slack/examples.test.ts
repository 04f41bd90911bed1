/** The examples that discovery shows: each runs, against Slack's own documented answers, and gives what it promises. */
import { describe, expect, test } from "vitest";
import slack from "../../../connectors/slack/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { referenceFolder, startDocumentedSlack } from "./documented-slack.ts";

const tools = slack.tools!;
const authorizer = bearerCredential(new Secret("xoxp-example"));

test("every tool shows at least one example with its output", () => {
  expect(tools.map((tool) => tool.name)).toEqual([
    "send_message",
    "search_messages",
    "list_channels",
    "read_channel",
    "read_thread",
    "find_user",
  ]);
  for (const tool of tools) expect(tool.examples[0]?.output, tool.name).toBeDefined();
});

describe.skipIf(!referenceFolder)("against Slack's reference (needs TOOLGRAPH_SHARED)", () => {
  for (const tool of tools) {
    test.each(tool.examples.map((example) => ({ ...example, title: example.title ?? "example" })))(
      `${tool.name}: $title`,
      async ({ input, output }) => {
        await using upstream = await startDocumentedSlack();
        await using server = await openServer(slack, { baseUrl: upstream.url, authorizer });
        const answer = await server.run(tool.name, input);
        expect(upstream.violations).toEqual([]);
        if (output === undefined) expect(answer).toBeTypeOf("object");
        else expect(answer).toEqual(output);
      },
    );
  }
});
