/** Lets something happen at one door while a healthy server is called beside it, and judges what others felt and what was left. */
import { Agent } from "undici";
import { Caller, type DoorName } from "./doors.ts";
import { SLOW } from "./judge-answer.ts";
import type { FaultyUpstream } from "./faulty-upstream.ts";
import { shopEntry } from "./http-faults.ts";
import { leftBehind } from "./left-behind.ts";
import type { GatewayProcess } from "./start-gateway-process.ts";
import { LEAST_CALLS, startTrickle, type Flow } from "./trickle.ts";

export interface Row {
  readonly fault: string;
  readonly door: string;
  readonly got: string;
  readonly slowestMs: number;
  /** How often the server saw a read / a write. */
  readonly sent: string;
  readonly others: string;
  readonly left: string;
  /** Why the row falls short; empty when it does not. */
  readonly problems: readonly string[];
  /** Why it could not be tried. */
  readonly skipped?: string | undefined;
}

export interface Stage {
  readonly gateway: GatewayProcess;
  /** Its address is that of the server `healthy`. */
  readonly healthy: FaultyUpstream;
  /** 95th percentile of calls to `healthy` while nothing is wrong, milliseconds. */
  readonly baselineMs: number;
}

/** What a happening is given. */
export interface Scene {
  readonly caller: Caller;
  readonly door: DoorName;
  /** Makes a server with the id `faulty` out of the entry, beside the healthy one. */
  configure(entry: Readonly<Record<string, unknown>>): Promise<void>;
  /** Its own in every row, to tell calls apart. */
  tag(name: string): string;
}

export interface Happening {
  readonly name: string;
  /** Milliseconds that others may lose to it by design. */
  readonly othersMs?: number;
  happen(scene: Scene): Promise<Pick<Row, "got" | "slowestMs" | "sent" | "problems">>;
}

/** Again when nothing but time was wanting: on a shared machine one slow second proves nothing, three do. */
export async function observe(stage: Stage, happening: Happening, door: DoorName): Promise<Row> {
  for (let attempt = 1; ; attempt += 1) {
    const row = await observeOnce(stage, happening, door);
    const isOnlySlow = row.problems.length > 0 && row.problems.every((problem) => problem.startsWith(SLOW));
    if (!isOnlySlow || attempt === 3) return row;
  }
}

let rows = 0;

async function observeOnce(stage: Stage, happening: Happening, door: DoorName): Promise<Row> {
  const { gateway, healthy, baselineMs } = stage;
  const healthyUrl = `http://127.0.0.1:${healthy.port}`;
  const before = await gateway.measure();
  const calm = { ...shopEntry(healthyUrl), id: "healthy", timeout_ms: 5_000 };
  const agent = new Agent({ connections: 100 });
  const caller = new Caller(gateway.url, agent);
  const row = (rows += 1);
  await gateway.apply([calm]);
  const stopTrickle = startTrickle(caller, healthyUrl);
  const happened = await happening.happen({
    caller,
    door,
    configure: (entry) => gateway.apply([calm, { ...entry, id: "faulty" }]),
    tag: (name) => `${name}-${row}`,
  });
  await gateway.apply([calm]);
  const flow = await stopTrickle();
  await agent.close();
  await gateway.apply([]);
  const { left, problems: leaks } = await leftBehind(gateway, before);
  return {
    fault: happening.name,
    door,
    ...happened,
    others: `${flow.calls} calls, p95 ${flow.p95Ms.toFixed(1)} ms (direct ${flow.controlP95Ms.toFixed(1)})`,
    left,
    problems: [
      ...new Set([...happened.problems, ...judgeFlow(flow, baselineMs + (happening.othersMs ?? 0)), ...leaks]),
    ],
  };
}

/** Ten times what is usual, or one long pause of a busy machine, beyond what calls that never touch the gateway took meanwhile on the same machine. */
function judgeFlow({ calls, failures, p95Ms, controlP95Ms }: Flow, usualMs: number): string[] {
  const limitMs = Math.max(10 * usualMs, usualMs + 250) + 2 * controlP95Ms;
  return [
    ...(failures.length > 0 ? [`${failures.length} calls to the healthy server failed: ${failures[0]}`] : []),
    ...(calls < LEAST_CALLS ? [`only ${calls} calls to the healthy server`] : []),
    ...(p95Ms > limitMs ? [`${SLOW}: the healthy server's p95 ${p95Ms.toFixed(1)} ms over ${limitMs.toFixed(1)}`] : []),
  ];
}
