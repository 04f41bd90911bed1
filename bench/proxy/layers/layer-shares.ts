/** Splits a CPU profile of the gateway into the layers of a call. */
import type { Profiler, Runtime } from "node:inspector";

/**
 * In the order of a call's life. A function goes by `file:name`; the first expression that fits says its layer. What is new in
 * `src` and has no line here counts as the rest of the gateway.
 */
const LAYERS: readonly (readonly [name: string, functions: RegExp])[] = [
  ["HTTP door", /\/src\/http\/(?!graphql\/)|^node:_http_/],
  ["GraphQL door", /\/src\/http\/graphql\/|\/(resolvers|schema)\/|\/node_modules\/(@envelop|@pothos|graphql)/],
  ["authentication", /\/src\/auth\//],
  ["policy", /\/src\/policy\/|\/stages\/authorise\./],
  ["caller limits", /\/stages\/caller-limits\.|\/state\/(memory-)?limiter\./],
  ["validation", /\/stages\/validate\.|\/src\/validation\/|\/connector\/tool-from-spec\.ts:parseInput$/],
  [
    "exactly-once, shared reads",
    /\/stages\/(exactly-once|shared-reads|batch)\.|\/pipeline\/(flight|batching)\.|\/src\/state\//,
  ],
  ["server limits", /\/stages\/server-limits\.|\/pipeline\/(server-gate|fair-queue)\./],
  [
    "breaker, retry, deadline",
    /\/stages\/(circuit-breaker|retry|deadline)\.|\/registry\/(server-breaker|retry-budget)\./,
  ],
  // The gateway's own HTTP parser reads its sockets itself: what is read through streams comes from servers.
  ["outbound HTTP", /\/src\/outbound\/|\/node_modules\/undici\/|^node:internal\/stream_base_commons:onStreamRead$/],
  ["output check", /\/stages\/check-output\.|\/connector\/tool-from-spec\.ts:parseOutput$/],
  ["connector", /\/stages\/run-connector\.|\/src\/connector\/|\/bench\/proxy\/lookup-connector\./],
  ["shape", /\/stages\/shape\.|\/src\/results\//],
  ["log line", /\/pipeline\/record\.ts:writeLine$|\/telemetry\/logger\.|\/node_modules\/(pino|sonic-boom)\//],
  ["metrics", /\/telemetry\/(add-metric|call-metrics|metrics)\.|\/node_modules\/prom-client\//],
  ["traces, 1 % sampled", /\/telemetry\/(trace|tracing)\./],
  ["the rest of the gateway", /\/src\//],
];
/** The kernel's work: two calls that every proxy makes. */
const WRITES: Readonly<Record<string, string>> = {
  "HTTP door": "sending the answer",
  "outbound HTTP": "sending the request",
};
const NATIVE_WRITE = /^write(v|Buffer|Utf8String|Latin1String|AsciiString)$/;
const EVENT_LOOP = "event loop, promises";
const GARBAGE = "collecting garbage";

export const layerNames: readonly string[] = [
  ...LAYERS.flatMap(([name]) => [name, WRITES[name] ?? []].flat()),
  EVENT_LOOP,
  GARBAGE,
];

/** The share of each layer in the time that the thread was at work. What has no layer of its own counts for who called it. */
export function layerShares({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const layers = new Map<number, string | undefined>();
  const visit = (id: number, caller: string | undefined) => {
    const { callFrame, children = [] } = byId.get(id)!;
    const layer = layerOf(callFrame, caller);
    layers.set(id, layer);
    for (const child of children) visit(child, layer);
  };
  visit(nodes[0]!.id, EVENT_LOOP);
  const times = new Map<string, number>();
  let atWork = 0;
  for (const [index, id] of samples.entries()) {
    const layer = layers.get(id);
    if (layer === undefined) continue;
    // A sample stands for the time until the next one.
    const time = timeDeltas[index + 1] ?? 0;
    times.set(layer, (times.get(layer) ?? 0) + time);
    atWork += time;
  }
  return new Map([...times].map(([layer, time]) => [layer, time / atWork]));
}

/** Nothing for what is no work of the gateway. */
function layerOf({ url, functionName }: Runtime.CallFrame, caller: string | undefined): string | undefined {
  if (functionName === "(idle)" || url === "node:inspector") return undefined;
  if (functionName === "(garbage collector)") return GARBAGE;
  if (url === "" && NATIVE_WRITE.test(functionName)) return WRITES[caller ?? ""] ?? caller;
  const own = `${url}:${functionName}`;
  return LAYERS.find(([, functions]) => functions.test(own))?.[0] ?? caller;
}
