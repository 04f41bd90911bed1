/** What the gateway adds to each answer's time while it is a quarter busy: arrivals by chance, not waiting for each other. */
import { MEASURING_CPU, startChild } from "../child.ts";
import { floorVariant, graphqlVariant, restVariant, SECRET } from "../job.ts";
import { median, quantile, ROUNDS, SECONDS, shootInTurn } from "../shots.ts";

export async function latency(): Promise<void> {
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  await using floor = await startChild("./floor.ts", { env });
  await using gateway = await startChild("./gateway.ts", { env });
  const graphql = graphqlVariant(gateway);
  const busy = await shootInTurn([graphql], { rounds: 3 });
  const capacity = median(busy.get(graphql)!.map(({ rps }) => rps));
  const perSecond = Math.round(capacity / 4);
  const variants = [floorVariant(floor), restVariant(gateway), graphql];
  const shots = await shootInTurn(variants, { perSecond });
  const sorted = variants.map((variant) =>
    shots
      .get(variant)!
      .flatMap((shot) => shot.latencies)
      .sort((a, b) => a - b),
  );
  console.log(
    `\nAnswer times at ${perSecond} requests/s (a quarter of ${Math.round(capacity)}), ${ROUNDS} rounds of ${SECONDS} s in turn, ms`,
  );
  console.table(
    Object.fromEntries(
      variants.map(({ name }, index) => {
        const row = [0.5, 0.95, 0.99].map((part) => {
          const own = quantile(sorted[index]!, part);
          return [`p${part * 100}`, own.toFixed(2), (own - quantile(sorted[0]!, part)).toFixed(2)] as const;
        });
        return [
          name,
          Object.fromEntries(
            row.flatMap(([key, own, added]) => [
              [key, own],
              [`added ${key}`, added],
            ]),
          ),
        ];
      }),
    ),
  );
}
