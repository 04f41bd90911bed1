/** The Slack server type: address, credentials, configuration, error reading and what its tools share. */
import { defineConnector, z } from "../../src/index.ts";
import { AnyChannel } from "./fields.ts";
import { readSlackError } from "./read-slack-error.ts";
import { UserDirectory } from "./user-directory.ts";
import { Workspace } from "./workspace.ts";

/** What every tool of one Slack server shares: caches that cost Slack calls to fill. */
export interface SlackShared {
  readonly users: UserDirectory;
  readonly workspace: Workspace;
}

/**
 * Slack by its Web API. Every method is called as a form-encoded POST: several do not take JSON, all take a form.
 *
 * @example
 * // toolgraph.yaml
 * // - { id: slack, type: slack, authentication: { method: bearer_token, tokenRef: SLACK_BOT_TOKEN } }
 */
export const slack = defineConnector({
  type: "slack",
  title: "Slack",
  summary: "Post, search and read messages of a Slack workspace, and find its channels and people.",
  sources: [
    "https://docs.slack.dev/apis/web-api/",
    "https://docs.slack.dev/apis/web-api/rate-limits",
    "https://docs.slack.dev/reference/methods/chat.postMessage",
    "https://docs.slack.dev/reference/methods/search.messages",
    "https://docs.slack.dev/reference/methods/conversations.list",
    "https://docs.slack.dev/reference/methods/conversations.history",
    "https://docs.slack.dev/reference/methods/conversations.replies",
    "https://docs.slack.dev/reference/methods/users.list",
    "https://docs.slack.dev/messaging/formatting-message-text",
  ],
  config: z.object({
    defaultChannelId: AnyChannel.optional().describe("Channel of calls that name none, for example C024BE91L."),
  }),
  authentication: ["bearer_token", "pat"],
  baseUrl: () => "https://slack.com/api",
  http: { readError: readSlackError },
  setUp: (): SlackShared => ({ users: new UserDirectory(), workspace: new Workspace() }),
});
