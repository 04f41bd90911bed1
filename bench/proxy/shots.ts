/** Shoots at several variants in turn, so that what else the machine does meets all alike, and prints their ratios. */
import type { Measured } from "./child.ts";
import { closedLoop, openLoop, type Target } from "./load.ts";

export interface Variant extends Target {
  readonly name: string;
  /** The processes whose CPU time the variant costs. */
  readonly children: readonly Measured[];
  /** Part of every right answer. */
  readonly expects: string;
}

export interface Shot {
  readonly rps: number;
  /** CPU a request, microseconds. */
  readonly cpuUs: number;
  readonly latencies: readonly number[];
}

export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 1);
/** Compiling goes on for some fifty thousand requests; what is measured is a process at work. */
const WARM_UP_MS = 6_000;

export interface Plan {
  readonly connections?: number;
  /** An open loop at this rate instead of connections that wait for their answers. */
  readonly perSecond?: number;
  readonly rounds?: number;
  readonly seconds?: number;
}

/** Checks each variant's answer, warms it up, then takes the rounds, each in the order opposite to the one before. */
export async function shootInTurn(variants: readonly Variant[], plan: Plan): Promise<Map<Variant, Shot[]>> {
  const { rounds = ROUNDS, seconds = SECONDS } = plan;
  const shots = new Map<Variant, Shot[]>(variants.map((variant) => [variant, []]));
  for (const variant of variants) {
    await check(variant);
    await closedLoop(variant, plan.connections ?? 50, WARM_UP_MS);
  }
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? variants : [...variants].reverse();
    for (const variant of order) shots.get(variant)!.push(await shoot(variant, plan, seconds * 1000));
  }
  for (const variant of variants) await check(variant);
  return shots;
}

async function shoot(variant: Variant, { connections = 50, perSecond }: Plan, ms: number): Promise<Shot> {
  const cpuMs = () => variant.children.reduce((sum, child) => sum + child.cpuMs(), 0);
  const before = cpuMs();
  const { seconds, latencies } =
    perSecond === undefined ? await closedLoop(variant, connections, ms) : await openLoop(variant, perSecond, ms);
  return { rps: latencies.length / seconds, cpuUs: ((cpuMs() - before) * 1000) / latencies.length, latencies };
}

export async function check({ name, url, path, headers, body, expects }: Variant): Promise<void> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: body(999),
  });
  const text = await response.text();
  if (!response.ok || !text.includes(expects)) {
    throw new Error(`${name} answers wrongly: ${response.status} ${text.slice(0, 500)}`);
  }
}

/** Ratios are medians over the rounds of the ratio to the first variant's shot of the same round. */
export function report(title: string, shots: ReadonlyMap<Variant, readonly Shot[]>): void {
  const base = [...shots.values()][0]!;
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      [...shots].map(([{ name }, own]) => {
        const latencies = own.flatMap((shot) => shot.latencies).sort((a, b) => a - b);
        return [
          name,
          {
            "requests/s": Math.round(median(own.map(({ rps }) => rps))),
            "of first": pairedRatio(own, base, ({ rps }) => rps),
            "CPU us": Math.round(median(own.map(({ cpuUs }) => cpuUs))),
            "CPU of first": pairedRatio(own, base, ({ cpuUs }) => cpuUs),
            "p50 ms": quantile(latencies, 0.5).toFixed(1),
            "p95 ms": quantile(latencies, 0.95).toFixed(1),
            "p99 ms": quantile(latencies, 0.99).toFixed(1),
          },
        ];
      }),
    ),
  );
}

function pairedRatio(own: readonly Shot[], base: readonly Shot[], of: (shot: Shot) => number): string {
  return median(own.map((shot, round) => of(shot) / of(base[round]!))).toFixed(2);
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Of sorted values. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
