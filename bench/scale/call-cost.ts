/** Does a call cost more where there are more tools? Two gateways live side by side and are asked in turn. */
import { startMeasured, type Asked } from "./measured-gateway.ts";
import { graphqlCall, restCall } from "./requests.ts";
import { quartiles, table } from "./table.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);
const CALLS_A_ROUND = 500;
const WARM_UP = 10_000;

/**
 * Both run on the same CPU and are asked A B B A …, so that what else the machine does meets both; what counts is the
 * median of the ratios of neighbours, in CPU time of the whole process. Two gateways of the same size say what such a
 * ratio is worth.
 */
export async function callCost(): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [few, many] of [
    [100, 10_000],
    [100, 100],
  ] as const) {
    await using small = await startMeasured({ TOOLS: String(few) });
    await using large = await startMeasured({ TOOLS: String(many) });
    for (const [door, call] of [
      ["REST", restCall],
      ["GraphQL", graphqlCall],
    ] as const) {
      let next = 0;
      const fresh = (): Asked => call(next++);
      for (const gateway of [small, large]) await gateway.askMany(WARM_UP, fresh);
      const ratios: number[] = [];
      const costs: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const order = round % 2 === 0 ? [small, large] : [large, small];
        const cost = new Map<unknown, number>();
        for (const gateway of order) cost.set(gateway, await gateway.askMany(CALLS_A_ROUND, fresh));
        ratios.push(cost.get(large)! / cost.get(small)!);
        costs.push(cost.get(large)!);
      }
      const [lower, median, upper] = quartiles(ratios);
      rows[`${door}, ${many} to ${few} tools`] = {
        "CPU us": quartiles(costs)[1],
        ratio: median,
        "lower quartile": lower,
        "upper quartile": upper,
      };
    }
  }
  table(`CPU time of a call, ${ROUNDS} rounds of ${CALLS_A_ROUND} calls in turn`, rows);
}
