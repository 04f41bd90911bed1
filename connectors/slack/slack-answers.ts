/** The parts of Slack's answers that the tools read. Whatever Slack adds or leaves empty must not break a tool. */
import { z } from "../../src/index.ts";

const text = z.string().nullish();
const flag = z.boolean().nullish();

const Paged = z.object({
  ok: z.literal(true),
  response_metadata: z.object({ next_cursor: text }).nullish(),
});

const SlackUserShape = z.object({
  id: z.string(),
  name: text,
  real_name: text,
  deleted: flag,
  is_bot: flag,
  tz: text,
  profile: z.object({ display_name: text, real_name: text, email: text, title: text }).nullish(),
});
export type SlackUser = z.output<typeof SlackUserShape>;

const SlackMessageShape = z.object({
  ts: z.string(),
  user: text,
  username: text,
  bot_id: text,
  bot_profile: z.object({ name: text }).nullish(),
  text,
  thread_ts: text,
  reply_count: z.number().nullish(),
  edited: z.object({}).nullish(),
  reactions: z.array(z.object({ name: z.string(), count: z.number() })).nullish(),
  files: z.array(z.object({ id: text, name: text, title: text, permalink: text })).nullish(),
  blocks: z.unknown().optional(),
  attachments: z.array(z.object({ pretext: text, title: text, text, fallback: text })).nullish(),
});
export type SlackMessage = z.output<typeof SlackMessageShape>;

const SlackChannelShape = z.object({
  id: z.string(),
  name: text,
  user: text,
  is_private: flag,
  is_im: flag,
  is_archived: flag,
  is_member: flag,
  topic: z.object({ value: text }).nullish(),
  purpose: z.object({ value: text }).nullish(),
  num_members: z.number().nullish(),
});
export type SlackChannel = z.output<typeof SlackChannelShape>;

/** `chat.postMessage` */
export const PostAnswer = z.object({ ok: z.literal(true), channel: z.string(), ts: z.string() });
/** `users.info`, `users.lookupByEmail` */
export const UserAnswer = z.object({ ok: z.literal(true), user: SlackUserShape });
/** `users.list` */
export const UsersAnswer = Paged.extend({ members: z.array(SlackUserShape) });
/** `conversations.list` */
export const ChannelsAnswer = Paged.extend({ channels: z.array(SlackChannelShape) });
/** `conversations.history`, `conversations.replies` */
export const MessagesAnswer = Paged.extend({ messages: z.array(SlackMessageShape) });
/** `search.messages` */
export const SearchAnswer = z.object({
  ok: z.literal(true),
  messages: z.object({
    matches: z.array(SlackMessageShape.extend({ channel: z.object({ id: z.string(), name: text }), permalink: text })),
    paging: z.object({ page: z.number(), pages: z.number() }).nullish(),
  }),
});
