/**
 * Memory over many calls: `BENCH_CALLS`, 200,000 unless told otherwise. What is left on the heap after a collection of
 * garbage has to stay flat; what a server of long standing keeps shows only over a million.
 */
import { MEASURING_CPU, startChild } from "../child.ts";
import { graphqlVariant, restVariant, SECRET } from "../job.ts";
import { closedLoop } from "../load.ts";

const CALLS = Number(process.env.BENCH_CALLS ?? 200_000);
const STEPS = 20;
const CONNECTIONS = 50;
/** Ten bytes a call: less than the smallest object, were one kept. */
const FLAT_MB_PER_100_000 = 1;

interface Sample {
  readonly calls: number;
  readonly heapMb: number;
}

export async function memory(): Promise<void> {
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  await using gateway = await startChild("./gateway.ts", { env: { UPSTREAM: upstream.url, BENCH_SECRET: SECRET } });
  const doors = [restVariant(gateway), graphqlVariant(gateway)];
  const samples: Sample[] = [];
  const rows: Record<string, { "RSS MB": number; "heap MB": string }> = {};
  let calls = 0;
  for (let turn = 0; calls < CALLS; turn += 1) {
    const door = doors[turn % doors.length]!;
    // Other inputs each time: what is kept by input would not grow with the same ones.
    const body = (connection: number) => door.body(turn * CONNECTIONS + connection);
    calls += (await closedLoop({ ...door, body }, CONNECTIONS, 250)).latencies.length;
    if (calls < ((samples.length + 1) * CALLS) / STEPS) continue;
    const { rssMb, heapMb } = await gateway.memory();
    samples.push({ calls, heapMb });
    rows[`after ${calls.toLocaleString("en")} calls`] = { "RSS MB": Math.round(rssMb), "heap MB": heapMb.toFixed(1) };
  }
  console.log(`\nMemory, half REST and half GraphQL, ${CONNECTIONS} connections; heap after a collection of garbage`);
  console.table(rows);
  const secondHalf = samples.filter((sample) => sample.calls >= calls / 2);
  console.log(verdict(secondHalf));
}

/** A straight line through the samples (least squares); its slope is known to twice its standard error. */
function verdict(samples: readonly Sample[]): string {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = samples.map(({ calls }) => calls / 100_000);
  const y = samples.map(({ heapMb }) => heapMb);
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const slope = x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0) / spread;
  const left = x.reduce((sum, value, index) => sum + (y[index]! - meanY - slope * (value - meanX)) ** 2, 0);
  const error = 2 * Math.sqrt(left / (x.length - 2) / spread);
  const said = `Over the second half the heap grows by ${slope.toFixed(2)} ± ${error.toFixed(2)} MB per 100,000 calls`;
  if (slope + error <= FLAT_MB_PER_100_000) return `${said}: flat.`;
  if (slope - error <= FLAT_MB_PER_100_000) return `${said}: not to be told from so few calls, raise BENCH_CALLS.`;
  process.exitCode = 1;
  return `${said}: NOT flat, the bound is ${FLAT_MB_PER_100_000} MB.`;
}
