/** Tool `list_channels`: the conversations the token can see, with their ids. */
import { z } from "../../../src/index.ts";
import { collectPages } from "../collect-pages.ts";
import { slack } from "../connector.ts";
import { Cursor } from "../fields.ts";
import { ChannelsAnswer, type SlackChannel } from "../slack-answers.ts";

const ChannelType = z.enum(["public_channel", "private_channel", "mpim", "im"]);

const ChannelOutput = z.object({
  id: z.string().describe("What other tools take as channel."),
  name: z.string().describe("Name without #; for a direct message, the person."),
  is_private: z.boolean(),
  is_archived: z.boolean().optional().describe("Present when the channel is archived: nothing can be posted to it."),
  is_member: z.boolean().optional().describe("May the app read and post here without being invited first?"),
  topic: z.string().optional(),
  purpose: z.string().optional(),
  num_members: z.int32().optional(),
});

/** @see https://docs.slack.dev/reference/methods/conversations.list */
export const listChannels = slack.tool({
  name: "list_channels",
  title: "List Slack channels",
  summary: "List Slack channels with id, name, topic and size, or find one by a part of its name.",
  useWhen: "you need a channel's id.",
  insteadUse: { "find a person": "find_user" },
  effect: "read",
  cacheTtlMs: 60_000,
  input: z.object({
    name_contains: z.string().min(1).max(80).optional().describe("Part of the name, upper and lower case alike."),
    types: z
      .array(ChannelType)
      .min(1)
      .max(4)
      .default(["public_channel"])
      .describe("Kinds of conversation: mpim is a group's, im one person's direct messages. Each needs its own scope."),
    include_archived: z.boolean().default(false),
    limit: z.int().min(1).max(200).default(100).describe("Most channels to return."),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    channels: z.array(ChannelOutput),
    next_cursor: z.string().optional().describe("Present when there are more."),
  }),
  examples: [
    {
      title: "Find a channel's id by name",
      input: { name_contains: "general" },
      output: {
        channels: [
          {
            id: "C012AB3CD",
            name: "general",
            is_private: false,
            is_member: true,
            topic: "Company-wide announcements and work-based matters",
            purpose:
              "This channel is for team-wide communication and announcements. All team members are in this channel.",
            num_members: 4,
          },
        ],
      },
    },
    { title: "Private channels too", input: { types: ["public_channel", "private_channel"], limit: 50 } },
  ],
  run: async ({ input, http, shared }) => {
    const wanted = input.name_contains?.replace(/^#/, "").toLowerCase();
    const { items, nextCursor } = await collectPages<SlackChannel>({
      limit: input.limit,
      cursor: input.cursor,
      matches: (channel) => wanted === undefined || (channel.name ?? "").toLowerCase().includes(wanted),
      readPage: async (cursor) => {
        const form = {
          types: input.types.join(","),
          exclude_archived: !input.include_archived,
          limit: wanted === undefined ? input.limit : 200,
          cursor,
        };
        const answer = (await http.post("/conversations.list", { form })).as(ChannelsAnswer);
        return { items: answer.channels, nextCursor: answer.response_metadata?.next_cursor || undefined };
      },
    });
    const people = await shared.users.names(
      items.flatMap((channel) => channel.user || []),
      http,
    );
    return {
      channels: items.map((channel) => channelOutput(channel, people)),
      ...(nextCursor !== undefined && { next_cursor: nextCursor }),
    };
  },
});

function channelOutput(channel: SlackChannel, people: ReadonlyMap<string, string>): z.input<typeof ChannelOutput> {
  const person = channel.user ? (people.get(channel.user) ?? channel.user) : undefined;
  return {
    id: channel.id,
    name: channel.name || person || channel.id,
    is_private: Boolean(channel.is_private || channel.is_im),
    ...(channel.is_archived && { is_archived: true }),
    ...(typeof channel.is_member === "boolean" && { is_member: channel.is_member }),
    ...(channel.topic?.value && { topic: channel.topic.value }),
    ...(channel.purpose?.value && { purpose: channel.purpose.value }),
    ...(typeof channel.num_members === "number" && { num_members: channel.num_members }),
  };
}
