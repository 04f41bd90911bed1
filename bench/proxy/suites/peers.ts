/** Others at the same job, in the same run; installed for it at exact versions. */
import { join } from "node:path";
import { MEASURING_CPU, startChild } from "../child.ts";
import { floorVariant, graphqlVariant, restBody, restVariant, SECRET } from "../job.ts";
import { installPeers } from "../peers/install.ts";
import { startMcpPeer } from "../peers/mcp-program.ts";
import { report, ROUNDS, SECONDS, shootInTurn, type Variant } from "../shots.ts";
import { STDIO_SERVER } from "./stdio.ts";

const GRAPHQL = ["@apollo/server@5.5.1", "mercurius@16.10.1", "fastify@5.12.8", "graphql@16.15.0"];
const BRIDGES = ["supergateway@4.0.0", "mcp-proxy@6.7.19"];
const conditions = `50 connections, ${ROUNDS} rounds of ${SECONDS} s in turn`;

export async function peers(): Promise<void> {
  await graphqlServers();
  await bridges();
}

async function graphqlServers(): Promise<void> {
  await using children = new AsyncDisposableStack();
  const upstream = children.use(await startChild("./upstream.ts", { cpu: MEASURING_CPU }));
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  const gateway = children.use(await startChild("./gateway.ts", { env }));
  const variants: Variant[] = [
    floorVariant(children.use(await startChild("./floor.ts", { env }))),
    restVariant(gateway, "Toolgraph REST"),
    graphqlVariant(gateway, "Toolgraph GraphQL"),
  ];
  const folder = installPeers(GRAPHQL);
  if (folder === undefined) return;
  for (const [name, file] of [
    ["Mercurius 16 with jit", "mercurius"],
    ["Apollo Server 5", "apollo"],
  ] as const) {
    await tryPeer(name, async () => {
      const child = children.use(await startChild(`./peers/${file}.ts`, { env: { ...env, BENCH_PEERS: folder } }));
      // Apollo serves its graph at the root.
      variants.push({ ...graphqlVariant(child, name), path: file === "apollo" ? "/" : "/graphql" });
    });
  }
  report(`GraphQL servers before one HTTP tool, ${conditions}`, await shootInTurn(variants, {}));
}

async function bridges(): Promise<void> {
  const folder = installPeers(BRIDGES);
  if (folder === undefined) return;
  await using children = new AsyncDisposableStack();
  const env = { BENCH_SECRET: SECRET, BENCH_MCP: STDIO_SERVER };
  const variants: Variant[] = [
    { ...floorVariant(children.use(await startChild("./stdio-floor.ts", { env }))), name: "stdio floor" },
    {
      ...restVariant(children.use(await startChild("./gateway.ts", { env })), "Toolgraph REST"),
      body: restBody("child"),
    },
  ];
  const node = process.execPath;
  const bin = (name: string) => join(folder, "node_modules/.bin", name);
  const stdio = ["--stdio", `"${node}" "${STDIO_SERVER}"`];
  for (const [name, program, argsOf] of [
    [
      "supergateway 4, stateful",
      "supergateway",
      (port: number) => [
        ...stdio,
        "--outputTransport",
        "streamableHttp",
        "--stateful",
        "--port",
        String(port),
        "--logLevel",
        "none",
      ],
    ],
    [
      "mcp-proxy 6, stateful",
      "mcp-proxy",
      (port: number) => ["--port", String(port), "--host", "127.0.0.1", "--server", "stream", "--", node, STDIO_SERVER],
    ],
  ] as const) {
    await tryPeer(name, async () => {
      const variant = await startMcpPeer(name, bin(program), argsOf);
      children.use(variant.process);
      variants.push(variant);
    });
  }
  report(`MCP server on standard streams, ${conditions}`, await shootInTurn(variants, {}));
}

async function tryPeer(name: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    console.log(`${name}: left out, it does not start (${error instanceof Error ? error.message : String(error)})`);
  }
}
