/** What so many tools cost to start, to keep and to describe, and how long one request keeps others waiting. */
import { expectOk, startMeasured } from "./measured-gateway.ts";
import { aliases, graphqlCall, introspection, misspelt, restCall } from "./requests.ts";
import { table } from "./table.ts";

/** Half through each door, between the readings of memory. */
const CALLS = Number(process.env.BENCH_CALLS ?? 20_000);

export async function sizes(counts: readonly number[], fromSources: boolean): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const tools of counts) rows[tools] = await measure(tools, fromSources);
  table(fromSources ? "Tools, TypeScript as it is" : "Tools, the built program", rows);
}

async function measure(tools: number, fromSources: boolean): Promise<Record<string, number>> {
  await using gateway = await startMeasured({ TOOLS: String(tools) }, fromSources);
  const stall = async () => (await gateway.read()).stallMs;
  const row: Record<string, number> = { "build ms": gateway.buildMs, "build stall ms": gateway.build.stallMs };
  row["RSS MB at start"] = gateway.build.rssMb;
  row["first request ms"] = (await expectOk(gateway, graphqlCall(0))).ms;
  row["first request stall ms"] = await stall();
  await gateway.ask(misspelt);
  row["90 misspelt stall ms"] = await stall();
  await expectOk(gateway, aliases(tools));
  row["100 aliases stall ms"] = await stall();
  const answer = await expectOk(gateway, introspection);
  row["introspection ms"] = answer.ms;
  row["introspection stall ms"] = await stall();
  row["introspection gzip KB"] = answer.bytes.byteLength / 1000;
  const before = await gateway.read();
  row["again ms"] = (await expectOk(gateway, introspection)).ms;
  row["again CPU ms"] = (await gateway.read()).cpuMs - before.cpuMs;
  row["search ms"] = await gateway.searchMs();
  row["RSS MB after these"] = (await gateway.read()).rssMb;
  await gateway.askMany(CALLS / 2, restCall);
  await gateway.askMany(CALLS / 2, graphqlCall);
  row["calls stall ms"] = await stall();
  row["RSS MB after calls"] = (await gateway.read()).rssMb;
  row["heap MB"] = (await gateway.read(true)).heapMb;
  return row;
}
