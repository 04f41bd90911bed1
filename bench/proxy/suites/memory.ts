/** Memory over a million calls (`BENCH_CALLS`), or as many as fit into the time (`BENCH_MINUTES`): it has to stay flat. */
import { MEASURING_CPU, startChild } from "../child.ts";
import { closedLoop } from "../load.ts";
import { graphqlVariant, restVariant, SECRET } from "../job.ts";

const CALLS = Number(process.env.BENCH_CALLS ?? 1_000_000);
const MINUTES = Number(process.env.BENCH_MINUTES ?? 5);
const SAMPLES = 10;

export async function memory(): Promise<void> {
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  await using gateway = await startChild("./gateway.ts", { env: { UPSTREAM: upstream.url, BENCH_SECRET: SECRET } });
  const variants = [restVariant(gateway), graphqlVariant(gateway)];
  const rows: Record<string, { "RSS MB": number; "heap MB": number }> = {};
  const end = performance.now() + MINUTES * 60_000;
  const slice = Math.min(5_000, (MINUTES * 60_000) / SAMPLES / 2);
  let calls = 0;
  let next = 0;
  while (calls < CALLS && performance.now() < end) {
    for (const variant of variants) calls += (await closedLoop(variant, 50, slice)).latencies.length;
    if (calls < next) continue;
    const { rssMb, heapMb } = await gateway.memory();
    rows[`after ${calls.toLocaleString("en")} calls`] = { "RSS MB": Math.round(rssMb), "heap MB": round(heapMb) };
    next = calls + CALLS / SAMPLES;
  }
  const { rssMb, heapMb } = await gateway.memory();
  rows[`at the end, ${calls.toLocaleString("en")} calls`] = { "RSS MB": Math.round(rssMb), "heap MB": round(heapMb) };
  console.log("\nMemory, half REST and half GraphQL, 50 connections; heap after a collection of garbage");
  console.table(rows);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
