/** Many clients insist on many writes while everything fails: in the end each was done once, or its client knows that nobody knows. */
import { setTimeout as sleep } from "node:timers/promises";
import { configFile } from "../../e2e/start-process.ts";
import { freePort } from "../../support/free-port.ts";
import { insist, type Told } from "./insist.ts";
import { startReplica, type Replica } from "./replica.ts";
import { startUnreliableChat, type Mood } from "./unreliable-chat.ts";

export interface Trial {
  readonly name: string;
  readonly writes: number;
  readonly replicas: number;
  /** `memory`, or the address of a Redis. */
  readonly state: string;
  readonly moods: readonly Mood[];
  /** What goes wrong besides, one after the other, while clients insist. */
  readonly blows?: readonly Blow[];
}

export type Blow = (struck: { readonly replicas: readonly Replica[]; reload(): void }) => Promise<void> | void;

export interface Proof {
  readonly told: Readonly<Record<Told, number>>;
  /** Requests the chat got, those it did not act on included. */
  readonly asked: number;
  readonly kills: number;
  readonly problems: readonly string[];
}

const CLIENTS = 20;
const TIMEOUT_MS = 500;
const BLOW_EVERY_MS = 400;
/** After the last blow; a killed gateway's claim is held for 10 s beyond the server's time-out. */
const PATIENCE_MS = 30_000;

export async function prove(trial: Trial): Promise<Proof> {
  const random = seeded(trial.name.length);
  const { moods } = trial;
  await using chat = await startUnreliableChat(() =>
    // Half of the time it is well, or little would ever be done.
    random() < 0.5 ? "acts" : moods[Math.floor(random() * moods.length)]!,
  );
  let revision = 0;
  const document = () => configuration(trial.state, chat.url, (revision += 1));
  using config = configFile(document());
  await using stack = new AsyncDisposableStack();
  const replicas: Replica[] = [];
  for (let count = 0; count < trial.replicas; count += 1) {
    replicas.push(stack.use(await startReplica(config.file, await freePort())));
  }
  const urls = replicas.map(({ url }) => url);
  const texts = Array.from({ length: trial.writes }, (_, index) => `message-${index}`);
  const told = new Map<string, Told>();
  const waiting = [...texts];
  const patience = new AbortController();
  const client = async (): Promise<void> => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      told.set(text, await insist({ urls, text, random, signal: patience.signal }));
    }
  };
  const strike = async (): Promise<NodeJS.Timeout> => {
    for (const blow of trial.blows ?? []) {
      await sleep(BLOW_EVERY_MS);
      await blow({ replicas, reload: () => config.write(document()) });
    }
    return setTimeout(() => patience.abort(), PATIENCE_MS);
  };
  const [timer] = await Promise.all([strike(), ...Array.from({ length: CLIENTS }, client)]);
  clearTimeout(timer);

  const counts = { done: 0, unknown: 0, failed: 0, nothing: 0 };
  for (const outcome of told.values()) counts[outcome] += 1;
  return {
    told: counts,
    asked: chat.asked(),
    kills: replicas.reduce((sum, { kills }) => sum + kills(), 0),
    problems: [
      ...texts.flatMap((text) => judge(text, told.get(text) ?? "nothing", chat.posted(text))),
      // A gateway that knew nothing of anything would pass else.
      ...(counts.done < trial.writes / 3 ? [`only ${counts.done} of ${trial.writes} writes are known to be done`] : []),
    ],
  };
}

function judge(text: string, told: Told, posted: number): string[] {
  if (posted > 1) return [`${text} was posted ${posted} times; its client was told '${told}'`];
  if (told === "done" && posted === 0) return [`${text} was told done, but never posted`];
  if (told === "failed" && posted > 0) return [`${text} was told failed, but posted`];
  if (told === "nothing") return [`${text}: its client never learnt what came of it (posted ${posted} times)`];
  return [];
}

function configuration(state: string, chatUrl: string, revision: number): unknown {
  return {
    gateway: {
      auth: { api_keys: [{ id: "client", key_ref: "CLIENT_KEY" }] },
      limits: { requests_per_second: 100_000, burst_limit: 100_000, concurrent_calls_per_caller: 10_000 },
      state,
    },
    servers: [
      {
        id: "chat",
        type: "slack",
        base_url: chatUrl,
        authentication: { method: "bearer_token", tokenRef: "CHAT_TOKEN" },
        timeout_ms: TIMEOUT_MS,
        retry_policy: { max_attempts: 3, backoff_ms: 20 },
        circuit_breaker: { volume_threshold: 100_000 },
        // Another one each time: the server is closed and opened anew by a reload.
        metadata: { revision },
      },
    ],
  };
}

/** The same numbers in every run, evenly spread (mulberry32). What depends on timing still differs. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
