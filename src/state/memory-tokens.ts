/** OAuth tokens in this process: they outlive a reload of the configuration, and servers with the same credential share them. */
import type { SharedToken, SharedTokens, TokenBegun, TokenWish } from "./shared-tokens.ts";

interface Kept {
  readonly token?: SharedToken;
  /** Milliseconds since 1970. */
  readonly forgetAt?: number;
  readonly turn?: { readonly fence: number; readonly until: number };
  readonly failure?: { readonly fence: number; readonly text: string; readonly repeatUntil: number };
}

export class MemoryTokens implements SharedTokens {
  /** As many as there were credentials in the configuration. */
  readonly #kept = new Map<string, Kept>();

  latest(id: string): SharedToken | undefined {
    const { token, forgetAt = 0 } = this.#kept.get(id) ?? {};
    return forgetAt > Date.now() ? token : undefined;
  }

  begin({ id, leaseMs, refused, awaited }: TokenWish): TokenBegun {
    const now = Date.now();
    const latest = this.latest(id);
    const { turn, failure } = this.#kept.get(id) ?? {};
    if (latest && latest.renewAt > now && latest.fence !== refused) return { status: "kept", token: latest };
    if (latest && latest.fence === refused) this.#change(id, { token: { ...latest, renewAt: 0 } });
    if (turn && turn.until > now) return { status: "taken", fence: turn.fence };
    if (failure && (failure.repeatUntil > now || failure.fence === awaited)) {
      return { status: "failed", failure: failure.text };
    }
    const fence = Math.max(now, 1 + (latest?.fence ?? 0), 1 + (turn?.fence ?? 0));
    this.#change(id, { turn: { fence, until: now + leaseMs } });
    return { status: "turn", fence, latest, isAlone: false };
  }

  finish(id: string, token: SharedToken, lifeMs: number): void {
    const { turn, ...kept } = this.#kept.get(id) ?? {};
    if ((kept.token?.fence ?? 0) >= token.fence) return;
    const isRunning = turn !== undefined && turn.fence !== token.fence;
    this.#kept.set(id, { token, forgetAt: Date.now() + lifeMs, ...(isRunning && { turn }) });
  }

  fail(id: string, fence: number, text: string, repeatMs: number): void {
    const { turn, ...kept } = this.#kept.get(id) ?? {};
    if (turn?.fence !== fence) return;
    this.#kept.set(id, { ...kept, failure: { fence, text, repeatUntil: Date.now() + repeatMs } });
  }

  /** Every token with what remains of its time, milliseconds. */
  *all(): Iterable<{ readonly id: string; readonly token: SharedToken; readonly lifeMs: number }> {
    for (const [id, { forgetAt = 0 }] of this.#kept) {
      const token = this.latest(id);
      if (token) yield { id, token, lifeMs: forgetAt - Date.now() };
    }
  }

  #change(id: string, change: Kept): void {
    this.#kept.set(id, { ...this.#kept.get(id), ...change });
  }
}
