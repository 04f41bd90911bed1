/** Tool `search_messages`: full-text search over the workspace, by a user's token. */
import { z } from "../../../src/index.ts";
import { slack } from "../connector.ts";
import { MessageOutput, readableMessages } from "../readable-message.ts";
import { SearchAnswer } from "../slack-answers.ts";

const Match = MessageOutput.pick({ ts: true, time: true, author: true, author_id: true, text: true }).extend({
  channel: z.string().describe("Id of the channel; pass it to read_thread or send_message."),
  channel_name: z.string().optional(),
  thread_ts: z.string().optional().describe("Present for a reply: give it to read_thread."),
  permalink: z.string().optional(),
});

/** @see https://docs.slack.dev/reference/methods/search.messages */
export const searchMessages = slack.tool({
  name: "search_messages",
  title: "Search Slack messages",
  summary: "Search messages of the whole Slack workspace by words, person, channel and date.",
  useWhen: "you look for a message and do not know where it is. Needs a user token (xoxp-…) with search:read.",
  insteadUse: { "read the latest messages of one channel": "read_channel", "read a whole thread": "read_thread" },
  effect: "read",
  input: z.object({
    query: z
      .string()
      .max(1_000)
      .regex(/\S/, "must hold at least one word")
      .describe(
        'Words, "exact phrases" and filters: in:#general from:@roach before:2026-08-20 after:2026-08-01 has:link is:thread -word.',
      ),
    limit: z.int().min(1).max(100).default(20).describe("Most messages to return."),
    sort: z.enum(["score", "timestamp"]).default("score").describe("score: best first; timestamp: newest first."),
    page: z.int().min(1).max(100).default(1).describe("Page of results, when the previous one said more."),
  }),
  output: z.object({
    messages: z.array(Match),
    more: z.boolean().describe("There are further pages."),
  }),
  examples: [
    {
      title: "Find a decision by its words",
      input: { query: "meaning of life", limit: 5 },
      output: {
        messages: [
          {
            channel: "C12345678",
            channel_name: "general",
            ts: "1508284197.000015",
            time: "2017-10-17T23:49:57.000Z",
            author: "roach",
            author_id: "U2U85N1RV",
            text: "The meaning of life the universe and everything is 42.",
            permalink: "https://hitchhikers.slack.com/archives/C12345678/p1508284197000015",
          },
          {
            channel: "C12345678",
            channel_name: "random",
            ts: "1508795665.000236",
            time: "2017-10-23T21:54:25.000Z",
            author: "robot overlord",
            text: "The meaning of life the universe and everything is 101010",
            permalink: "https://hitchhikers.slack.com/archives/C12345678/p1508795665000236",
          },
        ],
        more: false,
      },
    },
    { title: "Newest first", input: { query: "outage from:@roach after:2026-08-01", sort: "timestamp" } },
  ],
  run: async ({ input, http, shared }) => {
    const form = { query: input.query, count: input.limit, page: input.page, sort: input.sort, sort_dir: "desc" };
    const { messages } = (await http.post("/search.messages", { form })).as(SearchAnswer);
    const matches = messages.matches.slice(0, input.limit);
    const readable = await readableMessages(matches, shared.users, http);
    return {
      messages: matches.map((match, index) => {
        const { thread_ts: _, ...message } = readable[index]!;
        const threadTs = match.permalink ? threadIn(match.permalink) : undefined;
        return {
          channel: match.channel.id,
          ...(match.channel.name && { channel_name: match.channel.name }),
          ...message,
          ...(threadTs !== undefined && { thread_ts: threadTs }),
          ...(match.permalink && { permalink: match.permalink }),
        };
      }),
      more: messages.paging ? messages.paging.page < messages.paging.pages : false,
    };
  },
});

/** A found reply names its thread only in its link. */
function threadIn(permalink: string): string | undefined {
  return URL.parse(permalink)?.searchParams.get("thread_ts") ?? undefined;
}
