/** `npm run bench:scale`: what 100, 1,000 and 10,000 tools cost, and how long one request keeps others waiting; then 20 roles. */
import { getIntrospectionQuery } from "graphql";
import { startMeasured, type Measured } from "./measured-gateway.ts";
import { syntheticName } from "./synthetic-connector.ts";

const CALLS = Number(process.env.BENCH_CALLS ?? 1500);
const sizes = (process.env.BENCH_SIZES ?? "100,1000,5000,10000").split(",").map(Number);

const EXECUTE = `mutation { executeTool(serverId: "synthetic", toolName: "${syntheticName(0)}", input: { query: "x" }) { status output error { code message } } }`;
const MISSPELT = `{ synthetic { ${Array.from({ length: 90 }, (_, index) => `serchInvoic${index}x(quer: "x") { key }`).join(" ")} } }`;
const FIELDS = "key total isLast score raw a: key b: total c: isLast d: score e: raw";

const rows: Record<string, Record<string, number>> = {};
const running = new Map<number, Measured>();
for (const tools of sizes) {
  const gateway = await startMeasured({ TOOLS: String(tools) });
  running.set(tools, gateway);
  const row: Record<string, number> = { "build ms": gateway.buildMs, "build stall": gateway.build.stallMs };
  const first = await expectOk(gateway, EXECUTE);
  row["first request ms"] = first.ms;
  row["first stall"] = (await gateway.read()).stallMs;
  const { rssMb, heapMb } = await gateway.read(true);
  row["heap MB"] = heapMb;
  row["RSS MB"] = rssMb;
  rows[tools] = row;
}

// In turn, so that what else the machine does meets all alike.
for (const [tools, gateway] of running) await call(gateway, 500, tools);
const costs = new Map<number, number[]>(sizes.map((tools) => [tools, []]));
for (let round = 0; round < 7; round += 1)
  for (const [tools, gateway] of running) costs.get(tools)!.push(await call(gateway, CALLS, tools));
for (const [tools, gateway] of running) {
  const row = rows[tools]!;
  row["call CPU us"] = median(costs.get(tools)!);
  await gateway.read();
  await call(gateway, CALLS, tools);
  row["calls stall"] = (await gateway.read()).stallMs;
  row["90 misspelt ms"] = (await gateway.ask(MISSPELT)).ms;
  row["misspelt stall"] = (await gateway.read()).stallMs;
  row["100 aliases ms"] = (await expectOk(gateway, aliases(tools))).ms;
  row["aliases stall"] = (await gateway.read()).stallMs;
  const introspection = await expectOk(gateway, getIntrospectionQuery());
  row["introspection ms"] = introspection.ms;
  row["intro. stall"] = (await gateway.read()).stallMs;
  row["gzip KB"] = introspection.bytes.byteLength / 1000;
  const before = await gateway.read();
  row["again ms"] = (await expectOk(gateway, getIntrospectionQuery())).ms;
  row["again CPU ms"] = (await gateway.read()).cpuMs - before.cpuMs;
  row["search ms"] = await gateway.searchMs();
  const end = await gateway.read(true);
  row["heap after MB"] = end.heapMb;
  row["RSS after MB"] = end.rssMb;
  await gateway[Symbol.asyncDispose]();
}
console.table(transposed(rows));

await using shared = await startMeasured({ TOOLS: "2000", ROLES: "20", CALLERS: "1000" });
const alone = (await shared.read(true)).rssMb;
const firsts: number[] = [];
for (let caller = 0; caller < 20; caller += 1) firsts.push((await expectOk(shared, EXECUTE, caller)).ms);
const warm = await call(shared, CALLS, 1);
await shared.read();
const all = await call(shared, CALLS, 1000);
const { rssMb, stallMs } = await shared.read(true);
console.log("\n1,000 callers in 20 roles over 2,000 tools");
console.table({
  "RSS before the first request, MB": round(alone),
  "RSS after, MB": round(rssMb),
  "first request of a role, median ms": round(median(firsts)),
  "call CPU us, one caller": round(warm),
  "call CPU us, all callers in turn": round(all),
  "longest stall ms": round(stallMs),
});

/** CPU of one call, microseconds. */
async function call(gateway: Measured, count: number, callers: number): Promise<number> {
  const before = await gateway.read();
  const caller = (index: number) => (callers === 1000 ? index % 1000 : 0);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await gateway.ask(EXECUTE, caller(next++));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return (((await gateway.read()).cpuMs - before.cpuMs) * 1000) / count;
}

/** A hundred typed reads with ten fields each. */
function aliases(tools: number): string {
  const reads = Array.from({ length: tools }, (_, index) => index).filter((index) => index % 8 === 0);
  const fields = Array.from({ length: 100 }, (_, index) => {
    const [verb, noun, number] = syntheticName(reads[index % reads.length]!).split("_") as [string, string, string];
    return `r${index}: ${verb}${noun[0]!.toUpperCase()}${noun.slice(1)}${number}(query: "x") { ${FIELDS} }`;
  });
  return `{ synthetic { ${fields.join(" ")} } }`;
}

async function expectOk(gateway: Measured, query: string, caller?: number): ReturnType<Measured["ask"]> {
  const answer = await gateway.ask(query, caller);
  const text = answer.bytes[0] === 0x1f ? "" : answer.bytes.toString("utf8");
  if (answer.status !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 400));
  return answer;
}

function transposed(table: typeof rows): Record<string, Record<string, number>> {
  const turned: Record<string, Record<string, number>> = {};
  for (const [column, values] of Object.entries(table))
    for (const [name, value] of Object.entries(values)) (turned[name] ??= {})[column] = round(value);
  return turned;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
