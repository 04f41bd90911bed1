/** Tool `read_thread`: a message and the replies to it, oldest first. */
import { z } from "../../../src/index.ts";
import { slack } from "../connector.ts";
import { channelOf, requiredThreadOf } from "../conversation-target.ts";
import { ChannelId, Cursor, Ts } from "../fields.ts";
import { MessageOutput, readableMessages } from "../readable-message.ts";
import { MessagesAnswer } from "../slack-answers.ts";

/** @see https://docs.slack.dev/reference/methods/conversations.replies */
export const readThread = slack.tool({
  name: "read_thread",
  title: "Read a Slack thread",
  summary: "Read a Slack message and the replies to it, oldest first, with names instead of ids.",
  useWhen: "a message has reply_count or thread_ts, or the conversation is in a thread.",
  insteadUse: { "read a channel's messages": "read_channel" },
  effect: "read",
  input: z.object({
    channel: ChannelId.optional(),
    thread_ts: Ts.optional().describe("ts of the thread's first message. Left out: the thread the conversation is in."),
    limit: z.int().min(1).max(200).default(50).describe("Most messages to return, the first one included."),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    channel: z.string(),
    thread_ts: z.string(),
    messages: z.array(MessageOutput),
    next_cursor: z.string().optional().describe("Present when there are later replies."),
  }),
  examples: [
    {
      title: "A question and its answers",
      input: { channel: "C012AB3CD", thread_ts: "1482960137.003543", limit: 2 },
      output: {
        channel: "C012AB3CD",
        thread_ts: "1482960137.003543",
        messages: [
          {
            ts: "1482960137.003543",
            time: "2016-12-28T21:22:17.000Z",
            author: "spengler",
            author_id: "U061F7AUR",
            text: "island",
            thread_ts: "1482960137.003543",
            reply_count: 3,
          },
          {
            ts: "1483037603.017503",
            time: "2016-12-29T18:53:23.000Z",
            author: "spengler",
            author_id: "U061F7AUR",
            text: "one island",
            thread_ts: "1482960137.003543",
          },
        ],
        next_cursor: "bmV4dF90czoxNDg0Njc4MjkwNTE3MDkx",
      },
    },
  ],
  run: async ({ input, http, context, config, shared }) => {
    const channel = channelOf(input.channel, config);
    const threadTs = requiredThreadOf(input.thread_ts, context);
    const form = { channel, ts: threadTs, limit: input.limit, cursor: input.cursor };
    const answer = (await http.post("/conversations.replies", { form })).as(MessagesAnswer);
    const nextCursor = answer.response_metadata?.next_cursor;
    return {
      channel,
      thread_ts: threadTs,
      messages: await readableMessages(answer.messages, shared.users, http),
      ...(nextCursor && { next_cursor: nextCursor }),
    };
  },
});
