/** `npm run bench`: the doors against the floor, shot in turn in one run; prints ratios of medians. */
import autocannon from "autocannon";
import { SignJWT } from "jose";
import { startChild, type Child } from "./child.ts";

const SECRET = "a-secret-only-for-this-benchmark-run";
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const seconds = Number(process.env.BENCH_SECONDS ?? 2);

interface Variant {
  readonly name: string;
  readonly child: Child;
  readonly path: string;
  readonly body: string;
}

interface Shot {
  readonly rps: number;
  readonly cpuUs: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const input = { query: "a need told in words", limit: 8, tags: ["alpha", "beta"] };
const restBody = JSON.stringify({ server_id: "lookup", tool_name: "lookup", tool_input: input });
const graphqlBody = JSON.stringify({
  query: `mutation Run($input: JSON) { executeTool(serverId: "lookup", toolName: "lookup", input: $input) { status output error { code message } } }`,
  variables: { input },
});

await using upstream = await startChild("./upstream.ts");
await using floor = await startChild("./floor.ts", { UPSTREAM: upstream.url });
await using gateway = await startChild("./gateway.ts", { UPSTREAM: upstream.url, BENCH_SECRET: SECRET });

const token = await new SignJWT({ roles: ["agent"] })
  .setProtectedHeader({ alg: "HS256" })
  .setIssuer("https://bench.example")
  .setAudience("toolgraph")
  .setSubject("agent-1")
  .setExpirationTime("2h")
  .sign(new TextEncoder().encode(SECRET));

const variants: readonly Variant[] = [
  { name: "floor", child: floor, path: "/", body: restBody },
  { name: "REST", child: gateway, path: "/api/v1/mcp/chat", body: restBody },
  { name: "GraphQL", child: gateway, path: "/graphql", body: graphqlBody },
];

for (const variant of variants) await check(variant);
for (const connections of [50, 10]) {
  const shots = new Map<Variant, Shot[]>(variants.map((variant) => [variant, []]));
  for (const variant of variants) await shoot(variant, connections, 2);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? variants : [...variants].reverse();
    for (const variant of order) shots.get(variant)!.push(await shoot(variant, connections, seconds));
  }
  report(connections, shots);
}

async function check({ name, child, path, body }: Variant): Promise<void> {
  const response = await fetch(child.url + path, { method: "POST", headers: headers(), body });
  const text = await response.text();
  if (!response.ok || !text.includes("item-7"))
    throw new Error(`${name} answers wrongly: ${response.status} ${text.slice(0, 300)}`);
}

async function shoot({ name, child, path, body }: Variant, connections: number, duration: number): Promise<Shot> {
  const before = child.cpuMs();
  const result = await autocannon({
    url: child.url + path,
    method: "POST",
    headers: headers(),
    body,
    connections,
    duration,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${name}: ${result.non2xx} refusals, ${result.errors} errors`);
  const total = result.requests.total;
  return {
    rps: total / result.duration,
    cpuUs: ((child.cpuMs() - before) * 1000) / total,
    p50: result.latency.p50,
    p95: result.latency.p97_5,
    p99: result.latency.p99,
  };
}

function headers(): Record<string, string> {
  return { "content-type": "application/json", authorization: `Bearer ${token}` };
}

function report(connections: number, shots: ReadonlyMap<Variant, readonly Shot[]>): void {
  const [[, floorShots]] = [...shots] as [[Variant, readonly Shot[]]];
  console.log(`\n${connections} connections, ${rounds} rounds of ${seconds} s in turn`);
  console.table(
    Object.fromEntries(
      [...shots].map(([variant, own]) => {
        const rps = median(own.map((shot) => shot.rps));
        const cpu = median(own.map((shot) => shot.cpuUs));
        return [
          variant.name,
          {
            "requests/s": Math.round(rps),
            "of floor": ratio(rps, median(floorShots.map((shot) => shot.rps))),
            "CPU us": Math.round(cpu),
            "CPU of floor": ratio(cpu, median(floorShots.map((shot) => shot.cpuUs))),
            p50: median(own.map((shot) => shot.p50)),
            "p97.5": median(own.map((shot) => shot.p95)),
            p99: median(own.map((shot) => shot.p99)),
          },
        ];
      }),
    ),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function ratio(value: number, base: number): string {
  return (value / base).toFixed(2);
}
