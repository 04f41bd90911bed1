/** Tool `read_channel`: messages of one conversation, newest first. */
import { z } from "../../../src/index.ts";
import { slack } from "../connector.ts";
import { channelOf } from "../conversation-target.ts";
import { ChannelId, Cursor, PointInTime, toTs } from "../fields.ts";
import { MessageOutput, readableMessages } from "../readable-message.ts";
import { MessagesAnswer } from "../slack-answers.ts";

/** @see https://docs.slack.dev/reference/methods/conversations.history */
export const readChannel = slack.tool({
  name: "read_channel",
  title: "Read a Slack channel",
  summary: "Read the messages of one Slack channel, newest first, with names instead of ids.",
  useWhen: "you know the channel and want its latest messages or those of a period. Replies are in their threads.",
  insteadUse: {
    "read replies": "read_thread",
    "search everywhere": "search_messages",
    "find a channel": "list_channels",
  },
  effect: "read",
  input: z.object({
    channel: ChannelId.optional(),
    oldest: PointInTime.optional().describe("Only messages after this: date, ISO 8601 time or a message's ts."),
    latest: PointInTime.optional().describe("Only messages before this: date, ISO 8601 time or a message's ts."),
    limit: z.int().min(1).max(100).default(20).describe("Most messages to return."),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    channel: z.string(),
    messages: z.array(MessageOutput),
    next_cursor: z.string().optional().describe("Present when there are older messages."),
  }),
  examples: [
    {
      title: "The latest two messages",
      input: { channel: "C012AB3CD", limit: 2 },
      output: {
        channel: "C012AB3CD",
        messages: [
          {
            ts: "1512085950.000216",
            time: "2017-11-30T23:52:30.000Z",
            author: "spengler",
            author_id: "U123ABC456",
            text: "I find you punny and would like to smell your nose letter",
          },
          {
            ts: "1512104434.000490",
            time: "2017-12-01T05:00:34.000Z",
            author: "glinda",
            author_id: "U222BBB222",
            text: "What, you want to smell my shoes better?",
          },
        ],
        next_cursor: "bmV4dF90czoxNTEyMDg1ODYxMDAwNTQz",
      },
    },
    {
      title: "One day's messages",
      input: { channel: "C012AB3CD", oldest: "2026-08-19T00:00:00Z", latest: "2026-08-20T00:00:00Z", limit: 100 },
    },
  ],
  run: async ({ input, http, config, shared }) => {
    const channel = channelOf(input.channel, config);
    const form = {
      channel,
      limit: input.limit,
      oldest: input.oldest && toTs(input.oldest),
      latest: input.latest && toTs(input.latest),
      cursor: input.cursor,
    };
    const answer = (await http.post("/conversations.history", { form })).as(MessagesAnswer);
    const nextCursor = answer.response_metadata?.next_cursor;
    return {
      channel,
      messages: await readableMessages(answer.messages, shared.users, http),
      ...(nextCursor && { next_cursor: nextCursor }),
    };
  },
});
