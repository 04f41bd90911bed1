/** Input fields that several Slack tools have, each with a message that says how to get a right value. */
import { z } from "../../src/index.ts";

const CHANNEL_ID = /^[CDG][A-Z0-9]{1,20}$/;
const CHANNEL_OR_USER_OR_NAME = /^#?[^\s#@<>,]{1,80}$/;
const TS = /^\d{1,12}\.\d{1,6}$/;
const POINT_IN_TIME =
  /^(\d{1,12}(\.\d{1,6})?|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?)$/;

/** Conversation to read. Reading methods take ids only. */
export const ChannelId = z
  .string()
  .regex(CHANNEL_ID, "must be a channel id such as C024BE91L; list_channels finds it by name")
  .describe("Channel id such as C024BE91L (list_channels finds it by name). Left out: the server's default channel.");

/** Conversation to post to: an id, a user's id for a direct message, or a channel name. */
export const AnyChannel = z
  .string()
  .regex(CHANNEL_OR_USER_OR_NAME, "must be a channel id such as C024BE91L, a user id for a direct message, or #name")
  .describe(
    "Channel id such as C024BE91L (safest; list_channels finds it), a user id such as U2U85N1RV for a direct message, or #name. Left out: the server's default channel.",
  );

/** A message's timestamp, which is its id within the channel. A string: as a number it would lose digits. */
export const Ts = z
  .string()
  .regex(TS, "must be a message's ts exactly as another tool returned it, such as 1503435956.000247");

/** A point in time as people write it, or a message's `ts`. */
export const PointInTime = z
  .string()
  .regex(
    POINT_IN_TIME,
    "must be a date (2026-08-20), an ISO 8601 time with zone (2026-08-20T09:30:00Z) or a message's ts",
  )
  .refine((text) => !text.includes("-") || !Number.isNaN(Date.parse(text)), "is not a date that exists");

export const Cursor = z
  .string()
  .min(1)
  .max(1_000)
  .describe("next_cursor of the previous answer, to get the page after it; everything else as in that call.");

/** Is this text a message's timestamp? Conversation ids of other systems are not. */
export function isTs(text: string): boolean {
  return TS.test(text);
}

/** Slack's form of a point in time: seconds since 1970. */
export function toTs(pointInTime: string): string {
  return pointInTime.includes("-") ? (Date.parse(pointInTime) / 1000).toFixed(6) : pointInTime;
}
