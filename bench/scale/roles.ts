/** A thousand callers in twenty roles over 2,000 tools: what twenty views cost, and whether a call minds who makes it. */
import { expectOk, startMeasured, type Asked } from "./measured-gateway.ts";
import { graphqlCall, restCall } from "./requests.ts";
import { quartiles, table } from "./table.ts";

const CALLERS = 1000;
const ROLES = 20;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);
const CALLS_A_ROUND = 500;

export async function roles(): Promise<void> {
  await using gateway = await startMeasured({ TOOLS: "2000", ROLES: String(ROLES), CALLERS: String(CALLERS) });
  const start = gateway.build.rssMb;
  const firsts: number[] = [];
  for (let role = 0; role < ROLES; role += 1) firsts.push((await expectOk(gateway, graphqlCall(0, role))).ms);
  const { stallMs } = await gateway.read();
  const rows: Record<string, Record<string, number>> = {};
  for (const [door, call] of [
    ["REST", restCall],
    ["GraphQL", graphqlCall],
  ] as const) {
    let next = 0;
    const byOne = (): Asked => call(next++);
    const byAll = (): Asked => call(next, next++ % CALLERS);
    for (const ask of [byAll, byOne]) await gateway.askMany(10_000, ask);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const cost = new Map<unknown, number>();
      for (const ask of round % 2 === 0 ? [byOne, byAll] : [byAll, byOne])
        cost.set(ask, await gateway.askMany(CALLS_A_ROUND, ask));
      ratios.push(cost.get(byAll)! / cost.get(byOne)!);
    }
    const [lower, median, upper] = quartiles(ratios);
    rows[door] = { "CPU of a call, all callers to one": median, "lower quartile": lower, "upper quartile": upper };
  }
  const after = (await gateway.read()).rssMb;
  rows["RSS MB"] = { "at start": start, after };
  rows["first request of a role, ms"] = { median: quartiles(firsts)[1], "longest stall": stallMs };
  table("1,000 callers in 20 roles over 2,000 tools", rows);
}
