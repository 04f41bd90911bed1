/** Sends reads and writes to a server with a fault, and judges each answer, each request that got through, and the recovery. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Got, ItemCall } from "./doors.ts";
import { MAX_ATTEMPTS, TIMEOUT_MS, type Fault, type OpenedFault, type Owed } from "./fault.ts";
import { judgeAnswer, SLOW } from "./judge-answer.ts";
import type { Happening, Scene } from "./observe.ts";

const READS = 2;
const WRITES = 3;
/** For a field that is not in the graph. */
const HIDDEN: Owed = { code: "VALIDATION_ERROR", status: 400, retryable: false, isUnknown: false, sent: [0, 0] };

interface Meeting {
  readonly effect: ItemCall["effect"];
  readonly tag: string;
  readonly requestId?: string;
  readonly owed: Owed;
}

export function meetFault(fault: Fault): Happening {
  return {
    name: fault.name,
    ...(fault.othersMs !== undefined && { othersMs: fault.othersMs }),
    async happen(scene) {
      const opened = await fault.open();
      try {
        return await meet(fault, opened, scene);
      } finally {
        await opened[Symbol.asyncDispose]();
      }
    },
  };
}

async function meet(fault: Fault, opened: OpenedFault, scene: Scene): ReturnType<Happening["happen"]> {
  const { caller, door } = scene;
  await scene.configure(opened.server);
  await opened.strike?.();
  const isHidden = fault.hidesFields === true && door === "typed";
  const owedTo = (owed: Owed) => (isHidden ? HIDDEN : owed);
  const calls: Meeting[] = [
    ...numbers(READS).map((index) => ({
      effect: "read" as const,
      tag: scene.tag(`read-${index}`),
      owed: owedTo(fault.read),
    })),
    ...numbers(WRITES).map((index) => ({
      effect: "write" as const,
      tag: scene.tag(`write-${index}`),
      // The last one has none.
      ...(index < WRITES - 1 && { requestId: scene.tag(`request-${index}`) }),
      owed: owedTo(index < WRITES - 1 ? fault.write : (fault.writeWithoutId ?? fault.write)),
    })),
  ];
  const target = { serverId: "faulty", namespace: namespaceOf(opened) };
  const answers = await Promise.all(calls.map((call) => caller.call(door, { ...target, ...call })));
  const problems = answers.flatMap((got, index) => {
    const { effect, tag, owed } = calls[index]!;
    const seen = opened.seen(tag);
    const [least, most] = owed.sent;
    return [
      ...judgeAnswer(effect, got, seen, owed, door),
      ...(seen > most ? [`the server saw a ${effect} ${seen} times, owed at most ${most}`] : []),
      // Its time was up before the attempts were.
      ...(seen < least ? [`${SLOW}: the server saw a ${effect} ${seen} times, owed at least ${least}`] : []),
    ];
  });
  const most = calls.length * MAX_ATTEMPTS;
  if (opened.connections() > most) problems.push(`${opened.connections()} connections for ${calls.length} calls`);
  if (opened.heal) {
    await opened.heal();
    for (const effect of ["read", "write"] as const) problems.push(...(await recovers(fault, opened, scene, effect)));
  }
  const of = (effect: string) => answers.filter((_, index) => calls[index]!.effect === effect);
  const seenOf = (effect: string) =>
    range(calls.filter((call) => call.effect === effect).map(({ tag }) => opened.seen(tag)));
  return {
    got: summary(of("read"), of("write")),
    slowestMs: Math.max(...answers.map(({ tookMs }) => tookMs)),
    sent: `${seenOf("read")} / ${seenOf("write")}`,
    problems,
  };
}

/** A server that is well again is used again at once: nothing of the fault sticks to it. */
async function recovers(
  fault: Fault,
  opened: OpenedFault,
  scene: Scene,
  effect: ItemCall["effect"],
): Promise<string[]> {
  const until = performance.now() + (fault.recoversWithinMs ?? 4 * TIMEOUT_MS);
  for (let attempt = 0; ; attempt += 1) {
    const tag = scene.tag(`after-${effect}-${attempt}`);
    const call: ItemCall = { serverId: "faulty", namespace: namespaceOf(opened), effect, tag, requestId: tag };
    const { code, message } = await scene.caller.call(scene.door, call);
    if (code === "success") return [];
    if (performance.now() > until) return [`well again, yet a ${effect} gets ${code}: ${message}`];
    await sleep(50);
  }
}

export function namespaceOf({ server }: Pick<OpenedFault, "server">): string {
  return server.type === "mcp" ? "faulty" : 'shop(server: "faulty")';
}

export function summary(reads: readonly Got[], writes: readonly Got[]): string {
  const [read, write] = [told(reads), told(writes)];
  return read === write || write === "" ? read : `${read} / ${write}`;
}

function told(answers: readonly Got[]): string {
  const texts = answers.map(({ code, httpStatus, retryable, isUnknown }) =>
    [code, httpStatus, ...(retryable ? ["retryable"] : []), ...(isUnknown ? ["unknown"] : [])].join(" "),
  );
  return [...new Set(texts)].join(" | ");
}

export function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least}–${most}`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
