/** A client that wants one message posted once: it repeats the same request with the same request_id until it knows. */
import { setTimeout as sleep } from "node:timers/promises";

/** What the client knows in the end. */
export type Told = "done" | "unknown" | "failed" | "nothing";

export interface Insistence {
  /** Gateways, asked in turn. */
  readonly urls: readonly string[];
  readonly text: string;
  readonly random: () => number;
  /** Gives up when it fires. */
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: string;
  readonly error?: {
    readonly retryable: boolean;
    readonly retry_after_ms: number | null;
    readonly details: { readonly outcome?: string } | null;
  };
}

export const CLIENT_KEY = "key-of-the-insistent-client-0000";

/** Every third time or so it hangs up before the answer can have come. */
export async function insist({ urls, text, random, signal }: Insistence): Promise<Told> {
  for (let turn = Math.floor(random() * urls.length); !signal.aborted; turn += 1) {
    const answer = await ask(urls[turn % urls.length]!, text, random() < 0.3 ? 1 + random() * 200 : 10_000);
    if (answer?.status === "success") return "done";
    const error = answer?.error;
    if (error?.details?.outcome === "unknown") return "unknown";
    if (error && !error.retryable) return "failed";
    await sleep(Math.min(error?.retry_after_ms ?? 100, 500) * (0.5 + random()));
  }
  return "nothing";
}

/** `undefined` when no answer came: the gateway is gone, or the client was. */
async function ask(url: string, text: string, waitMs: number): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${url}/api/v1/mcp/chat`, {
      method: "POST",
      headers: { "x-api-key": CLIENT_KEY, "content-type": "application/json" },
      body: JSON.stringify({
        server_id: "chat",
        tool_name: "send_message",
        tool_input: { channel: "C1", text },
        request_id: `post-${text}`,
      }),
      signal: AbortSignal.timeout(waitMs),
    });
    return (await response.json()) as Answer;
  } catch {
    return undefined;
  }
}
