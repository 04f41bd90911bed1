/** Slack's error codes: of which kind each is, and what an agent should do about it. */
import type { FailureKind } from "../../src/index.ts";

export interface SlackError {
  readonly kind: FailureKind;
  /** What went wrong, one sentence. */
  readonly problem: string;
  /** What to do next, one sentence. */
  readonly next: string;
}

type Row = readonly [code: string, problem: string, next: string];

const RENEW = "An operator has to renew this server's token.";
const ADMIN = "Ask a workspace admin, or choose another channel; repeating the call will not help.";
const FIND_CHANNEL = "Call list_channels to get the id, and pass that; a private channel also needs the app invited.";
const JOIN = "Ask a member to invite the app with /invite, or choose a channel where list_channels says is_member.";
const FIND_USER = "Call find_user to get the right user id.";
const FIND_MESSAGE = "Call read_channel or search_messages and pass a ts exactly as returned there.";
const FIX_BLOCKS = "Correct the blocks, or leave them out and send only text.";
const POST_TOP = "Leave thread_ts out to post at the top level.";
const FIRST_PAGE = "Leave the cursor out to start from the first page.";
const CHECK_FIRST =
  "For a read, try again; for a message, look with read_channel whether it was posted before sending again.";
const LATER = "Try again later.";
const NO_DRAFTS = "Send the message anew without reference to a draft.";
const REPORT = "Report this to an operator: the gateway called Slack wrongly.";
const USER_TOKEN =
  "search_messages needs a user token (xoxp-…) with the scope search:read, which an operator has to configure; with a bot token use read_channel instead.";

const rows: Readonly<Record<FailureKind, readonly Row[]>> = {
  credential_refused: [
    ["not_authed", "Slack got no token.", RENEW],
    ["invalid_auth", "Slack does not accept the token, or not from this address.", RENEW],
    ["invalid_token", "Slack does not accept the token.", RENEW],
    ["not_bearer_token", "Slack does not accept this type of token.", RENEW],
    ["account_inactive", "The token belongs to a deleted user or workspace.", RENEW],
    ["token_expired", "The token has expired.", RENEW],
    ["token_revoked", "The token was revoked or its app removed.", RENEW],
    ["two_factor_setup_required", "The token's user has to set up two-factor authentication.", RENEW],
  ],
  forbidden: [
    [
      "missing_scope",
      "The token lacks a permission scope.",
      "An operator has to add the scope to the Slack app and reinstall it.",
    ],
    ["not_allowed_token_type", "This Slack method does not take the type of token configured.", USER_TOKEN],
    ["no_permission", "The token may not do this here.", JOIN],
    ["not_in_channel", "The app is not a member of this channel.", JOIN],
    ["user_not_in_channel", "The person is not a member of this channel.", JOIN],
    ["access_denied", "The token may not use this resource.", ADMIN],
    [
      "accesslimited",
      "Slack does not allow this method from the gateway's network.",
      "An operator has to allow the gateway's address.",
    ],
    ["app_access_restricted", "The token's user may not use this app.", ADMIN],
    ["channel_is_limited_access", "Access to this channel is limited.", ADMIN],
    ["ekm_access_denied", "Admins have suspended messages in this channel.", ADMIN],
    ["enterprise_is_restricted", "The method does not take a token of a whole enterprise.", RENEW],
    ["org_login_required", "The workspace is being migrated and not available until that is done.", LATER],
    ["is_bot", "A bot's token may not call this method.", USER_TOKEN],
    [
      "messages_tab_disabled",
      "This app takes no direct messages: its messages tab is switched off.",
      "Post to a channel instead.",
    ],
    ["restricted_action", "A workspace setting forbids posting here.", ADMIN],
    ["restricted_action_non_threadable_channel", "This channel allows no replies in threads.", POST_TOP],
    ["restricted_action_read_only_channel", "This channel is read-only.", ADMIN],
    ["restricted_action_thread_locked", "An admin locked this thread.", POST_TOP],
    [
      "restricted_action_thread_only_channel",
      "This channel allows only replies in threads.",
      "Pass thread_ts of a message in it.",
    ],
    ["send_on_behalf_not_allowed", "The token may not send on behalf of that person.", ADMIN],
    ["slack_connect_canvas_sharing_blocked", "Admins forbid sharing canvases across organisations.", ADMIN],
    [
      "slack_connect_file_link_sharing_blocked",
      "Admins forbid links to files across organisations.",
      "Leave the link out.",
    ],
    ["slack_connect_lists_sharing_blocked", "Admins forbid sharing lists across organisations.", ADMIN],
    ["user_not_visible", "The token may not see this person.", FIND_USER],
  ],
  not_found: [
    ["channel_not_found", "There is no such channel, or the token cannot see it.", FIND_CHANNEL],
    ["user_not_found", "There is no such user.", FIND_USER],
    ["users_not_found", "Nobody in the workspace has this email address.", "Call find_user with a part of the name."],
    ["message_not_found", "There is no message with this ts in this channel.", FIND_MESSAGE],
    ["thread_not_found", "There is no thread with this ts in this channel.", FIND_MESSAGE],
    ["team_not_found", "A token of a whole organisation needs a channel's id, not its name.", FIND_CHANNEL],
    ["draft_not_found", "There is no such draft.", NO_DRAFTS],
    ["duplicate_channel_not_found", "The earlier message's channel is not to be found.", FIND_CHANNEL],
    ["duplicate_message_not_found", "The earlier message is not to be found.", FIND_MESSAGE],
  ],
  wrong_request: [
    ["no_text", "Slack found no text to post.", "Pass a text that is not blank."],
    ["msg_too_long", "The text is too long for Slack.", "Split it into messages of at most 4,000 characters each."],
    ["msg_blocks_too_long", "The blocks are too long for Slack.", "Shorten them, or split them over several messages."],
    ["invalid_blocks", "Slack does not accept the blocks.", FIX_BLOCKS],
    ["invalid_blocks_format", "The blocks are not Block Kit.", FIX_BLOCKS],
    ["too_many_attachments", "Over 100 attachments.", "Send fewer in one message."],
    ["attachment_payload_limit_exceeded", "The attachments are too long.", "Shorten them."],
    ["too_many_contact_cards", "Over 10 contact cards.", "Mention fewer people in one message."],
    ["cannot_reply_to_message", "This message takes no replies.", POST_TOP],
    ["invalid_thread_ts", "thread_ts is no message of this channel.", FIND_MESSAGE],
    ["markdown_text_conflict", "Markdown text cannot go with text or blocks.", FIX_BLOCKS],
    ["invalid_metadata_format", "The message's metadata has a wrong form.", FIX_BLOCKS],
    ["invalid_metadata_schema", "The message's metadata does not fit its schema.", FIX_BLOCKS],
    ["metadata_too_large", "The message's metadata is too large.", FIX_BLOCKS],
    ["metadata_must_be_sent_from_app", "Only an app's token may send metadata.", FIX_BLOCKS],
    ["missing_file_data", "The message shares a file without saying which.", FIX_BLOCKS],
    ["as_user_not_supported", "This app cannot post as a user.", REPORT],
    ["no_query", "The search has no query.", "Pass a query of at least one word."],
    ["invalid_cursor", "The cursor is not valid, or no longer.", FIRST_PAGE],
    ["invalid_limit", "The limit is not valid.", "Pass a smaller limit."],
    ["limit_required", "This workspace is large: Slack wants a limit.", "Pass a limit."],
    ["invalid_ts_latest", "`latest` is not valid.", "Pass a date, an ISO 8601 time or a message's ts."],
    ["invalid_ts_oldest", "`oldest` is not valid.", "Pass a date, an ISO 8601 time or a message's ts."],
    ["invalid_types", "The channel types are not valid for this token.", "Ask for public_channel only."],
    ["method_not_supported_for_channel_type", "This kind of conversation cannot be used so.", FIND_CHANNEL],
    ["too_many_users", "Too many users in one call.", "Ask for fewer."],
    ["missing_argument", "Slack misses an argument.", "Pass the optional arguments of the tool as well."],
    ["invalid_arguments", "Slack does not accept the arguments.", "Correct them as Slack's own words say."],
    ["invalid_metadata_filter_keys", "A filter on metadata is not valid.", REPORT],
    ["invalid_arg_name", "An argument has a name that Slack does not take.", REPORT],
    ["invalid_array_arg", "An argument is a list where Slack wants text.", REPORT],
    ["invalid_charset", "Slack does not take the request's character set.", REPORT],
    ["invalid_form_data", "Slack cannot read the request's form.", REPORT],
    ["invalid_post_type", "Slack does not take the request's media type.", REPORT],
    ["missing_post_type", "The request has no media type.", REPORT],
    ["request_timeout", "The request reached Slack cut short.", "Send it again."],
    ["unknown_method", "Slack does not know the method.", "An operator should check the server's base_url."],
  ],
  conflict: [
    ["is_archived", "The channel is archived.", "Choose another channel: list_channels leaves archived ones out."],
    ["draft_already_deleted", "The draft was deleted.", NO_DRAFTS],
    ["draft_already_sent", "The draft was sent already.", NO_DRAFTS],
    ["draft_has_conflict", "The draft was changed meanwhile.", NO_DRAFTS],
  ],
  gone: [
    ["deprecated_endpoint", "Slack has retired this method.", REPORT],
    ["method_deprecated", "Slack has retired this method.", REPORT],
  ],
  rate_limited: [
    [
      "ratelimited",
      "Slack's rate limit for this method is used up.",
      "Wait for the given time, then send the call again.",
    ],
    [
      "rate_limited",
      "Slack's rate limit is used up; a channel takes about one message a second.",
      "Wait a moment, then send the call again.",
    ],
    [
      "message_limit_exceeded",
      "The workspace sends too many messages.",
      "Wait some minutes, then send the call again.",
    ],
  ],
  server: [
    ["internal_error", "Slack failed internally.", CHECK_FIRST],
    ["fatal_error", "Slack failed midway and part of the work may be done.", CHECK_FIRST],
    ["service_unavailable", "Slack is not available at the moment.", CHECK_FIRST],
    [
      "team_added_to_org",
      "The workspace is being moved to an organisation; Slack is not reliable until that is done.",
      CHECK_FIRST,
    ],
    ["list_record_comment_fetch_failed", "Slack could not read the comments of this list.", LATER],
  ],
};

/** By code: the codes of the methods this connector calls, and those common to every method (Slack's reference, 2026-08). */
export const slackErrors: ReadonlyMap<string, SlackError> = new Map(
  (Object.keys(rows) as FailureKind[]).flatMap((kind) =>
    rows[kind].map(([code, problem, next]): [string, SlackError] => [code, { kind, problem, next }]),
  ),
);
