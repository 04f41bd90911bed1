/** Messages as agents read them: who said what when, and what hangs on it. */
import { z, type HttpClient } from "../../src/index.ts";
import { mentionedUsers, readableText } from "./readable-text.ts";
import type { SlackMessage } from "./slack-answers.ts";
import type { UserDirectory } from "./user-directory.ts";

export const MessageOutput = z.object({
  ts: z.string().describe("Id of the message within its channel; keep every digit."),
  time: z.string().optional().describe("When it was sent, ISO 8601 in UTC."),
  author: z.string().describe("Name of who sent it."),
  author_id: z.string().optional().describe("User id; <@id> in a text mentions this person."),
  text: z.string(),
  thread_ts: z.string().optional().describe("Present when the message belongs to a thread: give it to read_thread."),
  reply_count: z.int32().optional(),
  reactions: z.array(z.object({ name: z.string(), count: z.int32() })).optional(),
  files: z.array(z.object({ name: z.string(), url: z.string().optional() })).optional(),
  edited: z.boolean().optional(),
});
export type ReadableMessage = z.input<typeof MessageOutput>;

/** Messages with names for the ids of authors and of people mentioned, looked up as far as that is quick. */
export async function readableMessages(
  messages: readonly SlackMessage[],
  users: UserDirectory,
  http: HttpClient,
): Promise<ReadableMessage[]> {
  const texts = messages.map(wholeText);
  // Search results and bots bring the name along: only the others cost a look-up.
  const authors = messages.flatMap((message) => (message.username ? [] : message.user || []));
  const ids = [...authors, ...texts.flatMap(mentionedUsers)];
  const names = await users.names(ids, http);
  return messages.map((message, index) => readableMessage(message, texts[index]!, names));
}

function readableMessage(message: SlackMessage, text: string, names: ReadonlyMap<string, string>): ReadableMessage {
  const time = timeOf(message.ts);
  return {
    ts: message.ts,
    ...(time !== undefined && { time }),
    author: authorOf(message, names),
    ...(message.user && { author_id: message.user }),
    text: readableText(text, names),
    ...(message.thread_ts && { thread_ts: message.thread_ts }),
    ...(message.reply_count && { reply_count: message.reply_count }),
    ...(message.reactions?.length && { reactions: message.reactions }),
    ...(message.files?.length && {
      files: message.files.map((file) => ({
        name: file.name || file.title || file.id || "file",
        ...(file.permalink && { url: file.permalink }),
      })),
    }),
    ...(message.edited && { edited: true }),
  };
}

function authorOf(message: SlackMessage, names: ReadonlyMap<string, string>): string {
  const known = message.user ? names.get(message.user) : undefined;
  return message.username || known || message.bot_profile?.name || message.user || message.bot_id || "unknown";
}

/** The text, or what blocks say when there is none, and then what attachments add: bots often write only there. */
function wholeText(message: SlackMessage): string {
  const parts = [message.text?.trim() ? message.text : textsIn(message.blocks).join("\n")];
  for (const attachment of message.attachments ?? []) {
    const said = [attachment.pretext, attachment.title, attachment.text].filter(Boolean).join("\n");
    parts.push(said || attachment.fallback || "");
  }
  return parts.filter(Boolean).join("\n");
}

/** Every `text` within Block Kit blocks, in reading order. */
function textsIn(blocks: unknown, depth = 0): string[] {
  if (depth > 12 || typeof blocks !== "object" || blocks === null) return [];
  if (Array.isArray(blocks)) return blocks.flatMap((block) => textsIn(block, depth + 1));
  return Object.entries(blocks).flatMap(([key, value]) =>
    key === "text" && typeof value === "string" ? [value] : textsIn(value, depth + 1),
  );
}

/** A message's time, from the timestamp that is its id. */
function timeOf(ts: string): string | undefined {
  const time = new Date(Math.trunc(Number(ts)) * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
