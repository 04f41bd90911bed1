/** What each layer costs: the gateway with one part taken away, or one added, by configuration. */
import { MEASURING_CPU, startChild, type Child } from "../child.ts";
import { floorVariant, graphqlVariant, restVariant, SECRET } from "../job.ts";
import { report, ROUNDS, SECONDS, shootInTurn, type Variant } from "../shots.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

export async function layers(): Promise<void> {
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  await using children = new AsyncDisposableStack();
  const gateway = async (more: Readonly<Record<string, string>> = {}): Promise<Child> =>
    children.use(await startChild("./gateway.ts", { env: { ...env, ...more } }));
  const whole = await gateway();
  const traced = await gateway({ OTEL_EXPORTER_OTLP_ENDPOINT: upstream.url });
  const tracedRest = restVariant(traced, "and traces, 1 % sampled");
  const variants: Variant[] = [
    floorVariant(children.use(await startChild("./floor.ts", { env }))),
    restVariant(whole, "REST, everything on"),
    { ...restVariant(await gateway({ BENCH_WITHOUT: "auth" }), "without authentication"), headers: {} },
    restVariant(await gateway({ BENCH_WITHOUT: "policy" }), "without policy"),
    restVariant(await gateway({ BENCH_WITHOUT: "log" }), "without the log line"),
    restVariant(await gateway({ BENCH_WITHOUT: "metrics" }), "without a scraper"),
    {
      ...restVariant(await gateway({ BENCH_WITHOUT: "auth,policy,log,metrics" }), "without all of these"),
      headers: {},
    },
    restVariant(await gateway({ BENCH_SERVER_LIMITS: "1" }), "and the server's own limits"),
    {
      ...tracedRest,
      headers: { ...tracedRest.headers, traceparent: `${TRACE}-00` },
      seldom: { traceparent: `${TRACE}-01` },
    },
    graphqlVariant(whole, "GraphQL, everything on"),
  ];
  const shots = await shootInTurn(variants, {});
  report(`Layers, 50 connections, ${ROUNDS} rounds of ${SECONDS} s in turn`, shots);
}
