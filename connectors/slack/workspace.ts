/** The workspace's own address, asked for once, to build links to messages without a call for each. */
import { z, type HttpClient } from "../../src/index.ts";
import { answerWithin } from "./answer-within.ts";

const WAIT_MS = 1_000;
const PAUSE_MS = 60_000;
const WhoAmI = z.object({ ok: z.literal(true), url: z.url({ protocol: /^https?$/ }) });

export class Workspace {
  #url: Promise<string> | undefined;
  #askAgainAt = 0;

  /**
   * Link to a message, in the form `chat.getPermalink` documents; `undefined` when the workspace's address cannot be
   * had quickly. Never throws: it is asked after a message was posted, and that success must not turn into a failure.
   */
  async permalink(
    http: HttpClient,
    message: { readonly channel: string; readonly ts: string; readonly threadTs?: string | undefined },
  ): Promise<string | undefined> {
    const base = await answerWithin(this.#address(http), WAIT_MS);
    if (base === undefined) return undefined;
    const link = new URL(`/archives/${message.channel}/p${message.ts.replace(".", "")}`, base);
    if (message.threadTs !== undefined) {
      link.searchParams.set("thread_ts", message.threadTs);
      link.searchParams.set("cid", message.channel);
    }
    return link.href;
  }

  #address(http: HttpClient): Promise<string> {
    if (this.#url === undefined || Date.now() >= this.#askAgainAt) {
      this.#askAgainAt = Infinity;
      this.#url = http.post("/auth.test", { form: {} }).then((answer) => answer.as(WhoAmI).url);
      this.#url.catch(() => (this.#askAgainAt = Date.now() + PAUSE_MS));
    }
    return this.#url;
  }
}
