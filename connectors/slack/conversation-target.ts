/** Where a call is meant to go when its input leaves that open: the server's default channel, the conversation's thread. */
import { CatalogueError, type CallContext } from "../../src/index.ts";
import { isTs } from "./fields.ts";

/** The channel named, else the server's default. Throws `VALIDATION_ERROR` when there is neither. */
export function channelOf(
  channel: string | undefined,
  config: { readonly defaultChannelId?: string | undefined },
): string {
  const chosen = channel ?? config.defaultChannelId;
  if (chosen !== undefined) return chosen;
  throw missing("channel", "a channel id; list_channels finds it by name");
}

/**
 * The thread named, else the one the conversation is in. A conversation's `thread_id` that is no Slack timestamp
 * belongs to another system and is not used.
 */
export function threadOf(threadTs: string | undefined, context: CallContext): string | undefined {
  if (threadTs !== undefined) return threadTs;
  const threadId = context.conversation?.threadId;
  return threadId !== undefined && isTs(threadId) ? threadId : undefined;
}

/** The same, for a tool that makes no sense without a thread. Throws `VALIDATION_ERROR`. */
export function requiredThreadOf(threadTs: string | undefined, context: CallContext): string {
  const thread = threadOf(threadTs, context);
  if (thread !== undefined) return thread;
  throw missing("thread_ts", "the thread_ts of a message; read_channel and search_messages return it");
}

function missing(field: string, expected: string): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", `${field} is missing and this call has no default for it.`, {
    details: [{ path: field, problem: "is required", expected }],
    acted: "no",
  });
}
