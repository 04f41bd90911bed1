/** Runs one fault at one door and judges what callers got, what the server saw, how others fared and what was left behind. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { Caller, type DoorName, type Got } from "./doors.ts";
import { MAX_ATTEMPTS, TIMEOUT_MS, type Fault, type OpenedFault, type Owed } from "./fault.ts";
import { shopEntry } from "./http-faults.ts";
import type { FaultyUpstream } from "./faulty-upstream.ts";
import { judgeAnswer, SLOW } from "./judge-answer.ts";
import { leftBehind } from "./left-behind.ts";
import type { GatewayProcess } from "./start-gateway-process.ts";
import { LEAST_CALLS, startTrickle, type Flow } from "./trickle.ts";

export interface Row {
  readonly fault: string;
  readonly door: string;
  /** What a reader and a writer got: `code status`. */
  readonly got: string;
  readonly slowestMs: number;
  /** Requests the server saw for each read and each write, `least–most`. */
  readonly sent: string;
  readonly others: string;
  readonly left: string;
  /** Why the row falls short; empty when it does not. */
  readonly problems: readonly string[];
  readonly skipped?: string;
}

export interface Stage {
  readonly gateway: GatewayProcess;
  /** Its address is that of the server `healthy`. */
  readonly healthy: FaultyUpstream;
  /** 95th percentile of calls to `healthy` while nothing is wrong, milliseconds. */
  readonly baselineMs: number;
}

const READS = 2;
const WRITES = 3;
let rows = 0;

/** Runs it again when nothing but time was wanting: on a shared machine one slow second proves nothing, two do. */
export async function runRow(stage: Stage, fault: Fault, door: DoorName): Promise<Row> {
  const row = await tryRow(stage, fault, door);
  return row.problems.length > 0 && row.problems.every((problem) => problem.startsWith(SLOW))
    ? tryRow(stage, fault, door)
    : row;
}

async function tryRow(stage: Stage, fault: Fault, door: DoorName): Promise<Row> {
  const { gateway } = stage;
  const problems: string[] = [];
  const before = await gateway.measure();
  const calm = { id: "healthy", ...shopEntry(`http://127.0.0.1:${stage.healthy.port}`), timeout_ms: 5_000 };
  const agent = new Agent({ connections: 50 });
  const caller = new Caller(gateway.url, agent);
  await gateway.apply([calm]);
  const opened = await fault.open();
  const stopTrickle = startTrickle(caller, `http://127.0.0.1:${stage.healthy.port}`);
  const faulty: Record<string, unknown> = { id: "faulty", ...opened.server };
  await gateway.apply([calm, faulty]);

  const row = (rows += 1);
  const tagOf = (effect: string, index: number) => `${effect}-${row}-${index}`;
  const call = (effect: "read" | "write", index: number) =>
    caller.call(door, {
      serverId: "faulty",
      namespace: faulty.type === "mcp" ? "faulty" : 'shop(server: "faulty")',
      effect,
      tag: tagOf(effect, index),
      // The last write has none: what a caller is owed without it is the same.
      ...(effect === "write" && index < WRITES - 1 && { requestId: tagOf("request", index) }),
    });
  const [reads, writes] = await Promise.all([
    Promise.all(Array.from({ length: READS }, (_, index) => call("read", index))),
    Promise.all(Array.from({ length: WRITES }, (_, index) => call("write", index))),
  ]);
  const hidden: Owed | undefined = fault.hidesFields && door === "typed" ? HIDDEN : undefined;
  const seenReads = reads.map((_, index) => opened.seen(tagOf("read", index)));
  const seenWrites = writes.map((_, index) => opened.seen(tagOf("write", index)));
  for (const [index, got] of reads.entries())
    problems.push(...judgeAnswer("read", got, seenReads[index]!, hidden ?? fault.read, door));
  for (const [index, got] of writes.entries())
    problems.push(...judgeAnswer("write", got, seenWrites[index]!, hidden ?? fault.write, door));
  problems.push(...judgeSent("read", seenReads, (hidden ?? fault.read).sent));
  problems.push(...judgeSent("write", seenWrites, (hidden ?? fault.write).sent));
  const most = (READS + WRITES) * MAX_ATTEMPTS;
  if (opened.connections() > most) problems.push(`${opened.connections()} connections for ${READS + WRITES} calls`);
  problems.push(...(await recover(opened, caller, door, faulty, tagOf("read", 99))));

  await gateway.apply([calm]);
  const flow = await stopTrickle();
  problems.push(...judgeFlow(flow, stage.baselineMs));
  await agent.close();
  await gateway.apply([]);
  await opened[Symbol.asyncDispose]();
  const { left, problems: leaks } = await leftBehind(gateway, before);
  problems.push(...leaks);
  return {
    fault: fault.name,
    door,
    got: summary(reads, writes),
    slowestMs: Math.max(...[...reads, ...writes].map(({ tookMs }) => tookMs)),
    sent: `${range(seenReads)} / ${range(seenWrites)}`,
    others: `${flow.calls} calls, p95 ${flow.p95Ms.toFixed(1)} ms`,
    left,
    problems: [...new Set(problems)],
  };
}

const HIDDEN: Owed = { code: "VALIDATION_ERROR", status: 400, retryable: false, isUnknown: false, sent: [0, 0] };

/** A server that is well again is used again at once: nothing of the fault sticks to it. */
async function recover(
  { heal }: OpenedFault,
  caller: Caller,
  door: DoorName,
  { type }: Record<string, unknown>,
  tag: string,
): Promise<string[]> {
  if (!heal) return [];
  await heal();
  const until = performance.now() + 4 * TIMEOUT_MS;
  const namespace = type === "mcp" ? "faulty" : 'shop(server: "faulty")';
  for (;;) {
    const got = await caller.call(door, { serverId: "faulty", namespace, effect: "read", tag });
    if (got.code === "success") return [];
    if (performance.now() > until) return [`well again, yet it answers ${got.code}: ${got.message}`];
    await sleep(50);
  }
}

function judgeSent(effect: string, seen: readonly number[], [least, most]: readonly [number, number]): string[] {
  return seen.every((count) => count >= least && count <= most)
    ? []
    : [`the server saw a ${effect} ${range(seen)} times, owed ${least}–${most}`];
}

/** Ten times what is usual, beyond what calls that never touch the gateway took meanwhile on the same machine. */
function judgeFlow({ calls, failures, p95Ms, controlP95Ms }: Flow, baselineMs: number): string[] {
  const limitMs = Math.max(10 * baselineMs, baselineMs + 50) + 2 * controlP95Ms;
  return [
    ...(failures.length > 0 ? [`${failures.length} calls to the healthy server failed: ${failures[0]}`] : []),
    ...(calls < LEAST_CALLS ? [`only ${calls} calls to the healthy server`] : []),
    ...(p95Ms > limitMs
      ? [`${SLOW}: the healthy server's p95 ${p95Ms.toFixed(1)} ms over ${limitMs.toFixed(1)} ms`]
      : []),
  ];
}

function summary(reads: readonly Got[], writes: readonly Got[]): string {
  const told = (all: readonly Got[]) => [
    ...new Set(
      all.map(({ code, httpStatus, retryable, isUnknown }) =>
        [code, httpStatus, ...(retryable ? ["retryable"] : []), ...(isUnknown ? ["unknown"] : [])].join(" "),
      ),
    ),
  ];
  const [read, write] = [told(reads).join(" | "), told(writes).join(" | ")];
  return read === write ? read : `${read} / ${write}`;
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least}–${most}`;
}
