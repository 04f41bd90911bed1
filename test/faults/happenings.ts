/** What can happen besides one fault of one server: callers leave, configurations change under calls, a failing server is left alone. */
import { setTimeout as sleep } from "node:timers/promises";
import { MARGIN_MS, TIMEOUT_MS } from "./fault.ts";
import { httpText, startFaultyUpstream, well } from "./faulty-upstream.ts";
import { shopEntry } from "./http-faults.ts";
import { namespaceOf, range, summary } from "./meet-fault.ts";
import type { Got, ItemCall } from "./doors.ts";
import type { Happening, Scene } from "./observe.ts";

const RELOADS = 12;
const CALLS_PER_RELOAD = 4;

/** The server is closed and opened anew at every reload; calls that run on the old one end there. */
export const reloads: Happening = {
  name: "reload while calling",
  async happen(scene) {
    await using upstream = await startFaultyUpstream({
      answer: (socket, request) => void setTimeout(() => well(socket, request), 30),
    });
    const calls: Promise<Got>[] = [];
    const tags: string[] = [];
    for (let reload = 0; reload < RELOADS; reload += 1) {
      await scene.configure({
        ...shopEntry(`http://127.0.0.1:${upstream.port}`),
        timeout_ms: 5_000,
        metadata: { reload },
      });
      for (let index = 0; index < CALLS_PER_RELOAD; index += 1) {
        const tag = scene.tag(`reload-${reload}-${index}`);
        tags.push(tag);
        calls.push(call(scene, index % 2 === 0 ? "read" : "write", tag));
      }
      await sleep(10);
    }
    const answers = await Promise.all(calls);
    const failed = answers.filter(({ code }) => code !== "success");
    const seen = tags.map((tag) => upstream.seen(tag));
    return {
      got: summary(answers, []),
      slowestMs: slowestOf(answers),
      sent: range(seen),
      problems: [
        ...(failed.length > 0
          ? [`${failed.length} calls failed, among them ${failed[0]!.code}: ${failed[0]!.message}`]
          : []),
        ...(seen.some((count) => count !== 1) ? [`the server saw calls ${range(seen)} times`] : []),
      ],
    };
  },
};

/** A read ends with its caller, a write with a request_id goes on: whoever asks again learns what came of it. */
export const callerLeaves: Happening = {
  name: "caller goes away mid-call",
  async happen(scene) {
    const problems: string[] = [];
    await using upstream = await startFaultyUpstream({ answer: () => {} });
    await scene.configure(shopEntry(`http://127.0.0.1:${upstream.port}`));
    const leaving = new AbortController();
    const tags = { read: scene.tag("left-read"), write: scene.tag("left-write"), bare: scene.tag("left-bare") };
    const left = [
      call(scene, "read", tags.read, { signal: leaving.signal }),
      call(scene, "write", tags.write, { signal: leaving.signal, requestId: tags.write }),
      call(scene, "write", tags.bare, { signal: leaving.signal }),
    ];
    await waitFor(() => Object.values(tags).every((tag) => upstream.seen(tag) === 1));
    const leftAt = performance.now();
    leaving.abort();
    await Promise.allSettled(left);
    if (!(await waitFor(() => upstream.open() === 1, 300))) {
      problems.push(`${upstream.open()} connections to the server are open after the callers left, owed 1`);
    }
    const repeated = await call(scene, "write", tags.write, { requestId: tags.write });
    if (repeated.code !== "REQUEST_IN_PROGRESS") problems.push(`the repeated write got ${repeated.code} while it ran`);
    await sleep(Math.max(0, leftAt + TIMEOUT_MS + MARGIN_MS / 2 - performance.now()));
    const settled = await call(scene, "write", tags.write, { requestId: tags.write });
    if (!settled.isUnknown) problems.push(`the repeated write got ${settled.code} in the end, owed an unknown outcome`);
    const seen = Object.values(tags).map((tag) => upstream.seen(tag));
    if (seen.some((count) => count !== 1)) problems.push(`the server saw calls ${range(seen)} times`);
    upstream.heal();
    // Callers that leave say nothing of the server: its circuit is closed.
    const after = await call(scene, "read", scene.tag("after"));
    if (after.code !== "success") problems.push(`a read afterwards got ${after.code}: ${after.message}`);
    return { got: summary([repeated], [settled]), slowestMs: after.tookMs, sent: range(seen), problems };
  },
};

/** Once a server failed too often it is left alone for a while, then tried by one call. */
export const circuitOpens: Happening = {
  name: "burst of 500 opens the circuit",
  async happen(scene) {
    const problems: string[] = [];
    await using upstream = await startFaultyUpstream({
      answer: (socket) => socket.write(httpText(500, '{"message":"Something went wrong."}')),
    });
    const resetMs = 500;
    await scene.configure({
      ...shopEntry(`http://127.0.0.1:${upstream.port}`),
      circuit_breaker: { error_threshold_percentage: 50, volume_threshold: 5, reset_timeout_ms: resetMs },
    });
    const answers: Got[] = [];
    for (let round = 0; round < 10; round += 1) {
      const tags = Array.from({ length: 3 }, (_, index) => scene.tag(`burst-${round}-${index}`));
      answers.push(...(await Promise.all(tags.map((tag) => call(scene, "read", tag)))));
    }
    const sent = upstream.requests.length;
    if (sent > 8) problems.push(`${sent} of 30 calls reached the failing server`);
    const refused = answers.slice(-3);
    for (const { code, retryable, retryAfterMs = 0 } of refused) {
      if (code !== "MCP_CIRCUIT_OPEN" || !retryable || retryAfterMs <= 0 || retryAfterMs > resetMs) {
        problems.push(`with the circuit open a read got ${code}, retryable ${retryable}, after ${retryAfterMs} ms`);
      }
    }
    upstream.heal();
    let after = await call(scene, "read", scene.tag("probe"));
    for (let waited = 0; after.code !== "success" && waited < 40; waited += 1) {
      await sleep(50);
      after = await call(scene, "read", scene.tag(`probe-${waited}`));
    }
    if (after.code !== "success") problems.push(`well again, yet the circuit stays: ${after.code}`);
    return { got: summary(answers, []), slowestMs: slowestOf(answers), sent: `${sent} of 30`, problems };
  },
};

function call(
  { caller, door }: Scene,
  effect: ItemCall["effect"],
  tag: string,
  more: Pick<ItemCall, "signal" | "requestId"> = {},
): Promise<Got> {
  return caller.call(door, { serverId: "faulty", namespace: namespaceOf({ server: {} }), effect, tag, ...more });
}

function slowestOf(answers: readonly Got[]): number {
  return Math.max(...answers.map(({ tookMs }) => tookMs));
}

/** `false` when it is not so within that many milliseconds. */
async function waitFor(isSo: () => boolean, withinMs = 5_000): Promise<boolean> {
  for (const until = performance.now() + withinMs; !isSo(); await sleep(5)) if (performance.now() > until) return false;
  return true;
}
