/**
 * What each layer of a call costs, read from CPU profiles of the whole gateway at work: two processes of the same code differ by
 * more than taking a layer away changes. Every round starts two of them anew, so that the table says how far it is to be trusted.
 */
import { MEASURING_CPU, startChild } from "../child.ts";
import { floorVariant, graphqlVariant, restVariant, SECRET } from "../job.ts";
import { layerNames } from "../layers/layer-shares.ts";
import { startProfiledGateway, type ProfiledGateway } from "../layers/start-profiled-gateway.ts";
import { closedLoop } from "../load.ts";
import { check, median, quantile, ROUNDS, SECONDS, shootInTurn, type Variant } from "../shots.ts";

const CONNECTIONS = 50;
/** Each takes some 25 seconds. */
const OWN_ROUNDS = process.env.BENCH_ROUNDS === undefined ? 5 : ROUNDS;
const WARM_UP_MS = 2_500;
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
const HELPERS = "helper threads: garbage, compiling, log";

interface Cost {
  /** CPU a request, microseconds. */
  readonly us: number;
  readonly shares: Readonly<Record<string, number>>;
}
/** One process of the floor, two of the gateway. */
interface Round {
  readonly floorUs: number;
  readonly once: Cost;
  readonly again: Cost;
}

export async function layers(): Promise<void> {
  const rounds: Record<"REST" | "GraphQL", Round[]> = { REST: [], GraphQL: [] };
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  const everything = { ...env, BENCH_SERVER_LIMITS: "1", OTEL_EXPORTER_OTLP_ENDPOINT: upstream.url };
  for (let round = 0; round < OWN_ROUNDS; round += 1) {
    await using floor = await startChild("./floor.ts", { env });
    await using first = await startProfiledGateway(everything);
    await using second = await startProfiledGateway(everything);
    const bare = floorVariant(floor);
    const [shot] = (await shootInTurn([bare], { rounds: 1 })).get(bare)!;
    for (const [door, variant] of [
      ["REST", restVariant(floor)],
      ["GraphQL", graphqlVariant(floor)],
    ] as const) {
      const once = await costOf(first, traced(variant, first.url));
      const again = await costOf(second, traced(variant, second.url));
      rounds[door].push({ floorUs: shot!.cpuUs, once, again });
    }
  }
  for (const [door, own] of Object.entries(rounds)) report(door, own);
}

/** With the head of a trace, one in a hundred of them sampled. */
function traced(variant: Variant, url: string): Variant {
  const headers = { ...variant.headers, traceparent: `${TRACE}-00` };
  return { ...variant, url, headers, seldom: { traceparent: `${TRACE}-01` } };
}

async function costOf(gateway: ProfiledGateway, variant: Variant): Promise<Cost> {
  await check(variant);
  await closedLoop(variant, CONNECTIONS, WARM_UP_MS);
  // The clock runs without the profiler, which costs some time itself.
  let calls = 0;
  const clocked = await gateway.during("clock", async () => {
    calls = (await closedLoop(variant, CONNECTIONS, SECONDS * 500)).latencies.length;
  });
  const profiled = await gateway.during("profile", async () => {
    await closedLoop(variant, CONNECTIONS, SECONDS * 1000);
  });
  await check(variant);
  const main = clocked.mainMs / clocked.allMs;
  const shares = Object.fromEntries(layerNames.map((name) => [name, (profiled.shares[name] ?? 0) * main]));
  return { us: (clocked.allMs * 1000) / calls, shares: { ...shares, [HELPERS]: 1 - main } };
}

/** Shares are told rather than times: they do not follow the machine's mood. The times are those shares of the median call. */
function report(door: string, rounds: readonly Round[]): void {
  const us = median(rounds.flatMap(({ once, again }) => [once.us, again.us]));
  const floorUs = median(rounds.map((round) => round.floorUs));
  const ratioOf = (cost: Cost, round: Round) => cost.us / round.floorUs;
  const ratio = median(rounds.flatMap((round) => [ratioOf(round.once, round), ratioOf(round.again, round)]));
  console.log(`\nLayers, ${door}, ${CONNECTIONS} connections, ${rounds.length} rounds of two new processes`);
  console.log(`Floor ${floorUs.toFixed(0)} us of CPU a request, ${door} ${us.toFixed(0)} us`);
  const spread = (once: readonly number[], again: readonly number[], form: (value: number) => string) => {
    const both = [...once, ...again].sort((a, b) => a - b);
    return {
      once: form(median(once)),
      again: form(median(again)),
      "half are within": `${form(quantile(both, 0.25))} to ${form(quantile(both, 0.75))}`,
    };
  };
  const rows = [...layerNames, HELPERS].map((name) => {
    const once = rounds.map((round) => round.once.shares[name]!);
    const again = rounds.map((round) => round.again.shares[name]!);
    const share = median([...once, ...again]);
    const percent = spread(once, again, (value) => `${(value * 100).toFixed(1)} %`);
    return [name, { "CPU us": (share * us).toFixed(1), "of the floor": (share * ratio).toFixed(3), ...percent }];
  });
  const whole = spread(
    rounds.map((round) => ratioOf(round.once, round)),
    rounds.map((round) => ratioOf(round.again, round)),
    (value) => value.toFixed(2),
  );
  console.table({
    ...Object.fromEntries(rows),
    "all of it, of the floor": { "CPU us": us.toFixed(1), "of the floor": ratio.toFixed(3), ...whole },
  });
}
