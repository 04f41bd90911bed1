/** The doors against the floor: one tool that asks an HTTP server, everything on. */
import { MEASURING_CPU, startChild } from "../child.ts";
import { floorVariant, graphqlVariant, restVariant, SECRET } from "../job.ts";
import { report, ROUNDS, SECONDS, shootInTurn } from "../shots.ts";

export async function doors(): Promise<void> {
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  await using floor = await startChild("./floor.ts", { env });
  // Each row has a process of its own, as the floor has: one that serves both doors keeps code for both in its caches.
  await using rest = await startChild("./gateway.ts", { env });
  await using graphql = await startChild("./gateway.ts", { env });
  const variants = [floorVariant(floor), restVariant(rest), graphqlVariant(graphql)];
  for (const connections of [50, 10]) {
    const shots = await shootInTurn(variants, { connections });
    report(`HTTP tool, ${connections} connections, ${ROUNDS} rounds of ${SECONDS} s in turn`, shots);
  }
}
