/** A chat service that counts what it posted, and that now and then hangs, breaks off or fails, before or after it acted. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

/** What it does with one request to post. */
export type Mood =
  | "acts"
  | "acts slowly"
  | "acts then hangs"
  | "acts then resets"
  | "acts then fails"
  | "fails"
  | "resets"
  | "refuses";
export const MOODS: readonly Mood[] = [
  "acts",
  "acts slowly",
  "acts then hangs",
  "acts then resets",
  "acts then fails",
  "fails",
  "resets",
  "refuses",
];

export interface UnreliableChat extends AsyncDisposable {
  readonly url: string;
  /** How often that text was posted. */
  posted(text: string): number;
  /** Requests to post, acted on or not. */
  asked(): number;
}

/** @param moodOf decides at each request, so that a repeated one may meet another mood */
export async function startUnreliableChat(moodOf: (text: string) => Mood): Promise<UnreliableChat> {
  const posts = new Map<string, number>();
  let asked = 0;
  const upstream: Upstream = await startUpstream(async ({ path, body }, response) => {
    if (path === "/auth.test") return { json: { ok: true, url: "https://team.example/" } };
    const text = new URLSearchParams(body).get("text") ?? "";
    const mood = moodOf(text);
    asked += 1;
    if (mood.startsWith("acts")) posts.set(text, (posts.get(text) ?? 0) + 1);
    switch (mood) {
      case "acts then hangs":
        return;
      case "acts then resets":
      case "resets":
        return (response.socket as Socket).resetAndDestroy() && undefined;
      case "acts then fails":
      case "fails":
        return { status: 500, json: { ok: false, error: "internal_error" } };
      case "refuses":
        return { status: 429, json: { ok: false, error: "ratelimited" } };
      case "acts slowly":
        await sleep(150);
        break;
      default:
    }
    return { json: { ok: true, channel: "C1", ts: `${1_700_000_000 + asked}.000100` } };
  });
  return {
    url: upstream.url,
    posted: (text) => posts.get(text) ?? 0,
    asked: () => asked,
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}
