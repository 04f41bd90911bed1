/** Tool `send_message`: posts to a channel, a direct message or a thread. */
import { z } from "../../../src/index.ts";
import { slack } from "../connector.ts";
import { channelOf, threadOf } from "../conversation-target.ts";
import { AnyChannel, Ts } from "../fields.ts";
import { PostAnswer } from "../slack-answers.ts";

const Block = z.looseObject({ type: z.string() });

/**
 * Not idempotent: Slack documents no key that would make it so.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const sendMessage = slack.tool({
  name: "send_message",
  title: "Send a Slack message",
  summary: "Post a message to a Slack channel, a person, or a thread, where people will see it.",
  useWhen:
    "you know the channel. Without thread_ts the message goes to the thread the conversation is in, if there is one.",
  insteadUse: { "find a channel's id": "list_channels", "find a person's id": "find_user" },
  effect: "write",
  input: z.object({
    channel: AnyChannel.optional(),
    text: z
      .string()
      .max(40_000, "is over Slack's 40,000 characters: split it into several messages")
      .regex(/\S/, "must hold something other than white space")
      .describe(
        "Slack mrkdwn: *bold*, _italic_, `code`, <https://example.com|link>, <@U2U85N1RV> to mention a person. Under 4,000 characters reads best. With blocks: what notifications show.",
      ),
    thread_ts: Ts.optional().describe("ts of a thread's first message, to reply in that thread."),
    blocks: z.array(Block).min(1).max(50, "are over Slack's 50 blocks").optional().describe("Block Kit blocks."),
  }),
  output: z.object({
    channel: z.string().describe("Id of the channel it was posted to."),
    ts: z.string().describe("Id of the message within its channel; pass it as thread_ts to reply to it."),
    permalink: z.url().optional().describe("Link to the message, when known."),
  }),
  examples: [
    {
      title: "Post to a channel",
      input: { channel: "C123ABC456", text: "Build 1482 is live on staging. :rocket:" },
      output: {
        channel: "C123ABC456",
        ts: "1503435956.000247",
        permalink: "https://subarachnoid.slack.com/archives/C123ABC456/p1503435956000247",
      },
    },
    {
      title: "Reply in a thread",
      input: {
        channel: "C123ABC456",
        text: "Fixed in <https://git.example/pr/77|#77>.",
        thread_ts: "1503435900.000100",
      },
      output: {
        channel: "C123ABC456",
        ts: "1503435956.000247",
        permalink:
          "https://subarachnoid.slack.com/archives/C123ABC456/p1503435956000247?thread_ts=1503435900.000100&cid=C123ABC456",
      },
    },
  ],
  run: async ({ input, http, context, config, shared }) => {
    const threadTs = threadOf(input.thread_ts, context);
    const form = {
      channel: channelOf(input.channel, config),
      text: input.text,
      blocks: input.blocks,
      thread_ts: threadTs,
    };
    const { channel, ts } = (await http.post("/chat.postMessage", { form })).as(PostAnswer);
    const permalink = await shared.workspace.permalink(http, { channel, ts, threadTs });
    return { channel, ts, ...(permalink !== undefined && { permalink }) };
  },
});
