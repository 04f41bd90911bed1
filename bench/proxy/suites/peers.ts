/** Others at the same job, in the same run; installed for it at exact versions. */
import { join } from "node:path";
import { MEASURING_CPU, startChild } from "../child.ts";
import { floorVariant, graphqlVariant, inputOf, restBody, restVariant, SECRET } from "../job.ts";
import { HIVE_GATEWAY, startHiveGateway } from "../peers/hive-gateway.ts";
import { installPeer } from "../peers/install.ts";
import { startMcpPeer } from "../peers/mcp-program.ts";
import { check, report, ROUNDS, SECONDS, shootInTurn, type Variant } from "../shots.ts";
import { STDIO_SERVER } from "./stdio.ts";

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
  await tryPeer(variants, "Mercurius 16 with jit", async (name) => {
    const BENCH_PEERS = installPeer(["mercurius@16.10.1", "fastify@5.12.8", "graphql@16.15.0"]);
    const child = children.use(await startChild("./peers/mercurius.ts", { env: { ...env, BENCH_PEERS } }));
    return graphqlVariant(child, name);
  });
  await tryPeer(variants, "Apollo Server 5", async (name) => {
    const BENCH_PEERS = installPeer(["@apollo/server@5.5.1", "graphql@16.15.0"]);
    const child = children.use(await startChild("./peers/apollo.ts", { env: { ...env, BENCH_PEERS } }));
    // It serves its graph at the root.
    return { ...graphqlVariant(child, name), path: "/" };
  });
  await tryPeer(variants, "Hive Gateway 2 with jit", async (name) => {
    const variant = await startHiveGateway(name, installPeer(HIVE_GATEWAY), upstream.url);
    children.use(variant.process);
    return variant;
  });
  report(`GraphQL servers before one HTTP tool, ${conditions}`, await shootInTurn(variants, {}));
}

async function bridges(): Promise<void> {
  await using children = new AsyncDisposableStack();
  const env = { BENCH_SECRET: SECRET, BENCH_MCP: STDIO_SERVER };
  const variants: Variant[] = [
    { ...floorVariant(children.use(await startChild("./stdio-floor.ts", { env }))), name: "stdio floor" },
    {
      ...restVariant(children.use(await startChild("./gateway.ts", { env })), "Toolgraph REST"),
      body: restBody("child"),
    },
  ];
  await tryPeer(variants, "mcp-hub 4, REST", async (name) => {
    const BENCH_PEERS = installPeer(["mcp-hub@4.2.1"]);
    const child = children.use(await startChild("./peers/mcp-hub.ts", { env: { ...env, BENCH_PEERS } }));
    const body = (connection: number) =>
      JSON.stringify({ server_name: "child", tool: "lookup", arguments: inputOf(connection) });
    return { name, url: child.url, path: "/api/servers/tools", body, children: [child], expects: "item-7" };
  });
  const front = async (name: string, program: string, version: string, argsOf: (port: number) => string[]) => {
    const folder = installPeer([`${program}@${version}`]);
    const variant = await startMcpPeer(name, join(folder, "node_modules/.bin", program), argsOf);
    children.use(variant.process);
    return variant;
  };
  const node = process.execPath;
  await tryPeer(variants, "supergateway 4, stateful", (name) => {
    const stdio = ["--stdio", `"${node}" "${STDIO_SERVER}"`];
    const http = ["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none"];
    return front(name, "supergateway", "4.0.0", (port) => [...stdio, ...http, "--port", String(port)]);
  });
  await tryPeer(variants, "mcp-proxy 6, stateful", (name) => {
    const http = ["--host", "127.0.0.1", "--server", "stream"];
    return front(name, "mcp-proxy", "6.7.19", (port) => [...http, "--port", String(port), "--", node, STDIO_SERVER]);
  });
  report(`MCP server on standard streams, ${conditions}`, await shootInTurn(variants, {}));
}

/** Adds a peer; one that cannot be installed or started, or that answers wrongly, is named and left out. */
async function tryPeer(variants: Variant[], name: string, start: (name: string) => Promise<Variant>): Promise<void> {
  try {
    const variant = await start(name);
    await check(variant);
    variants.push(variant);
  } catch (error) {
    console.log(`${name}: left out (${error instanceof Error ? error.message : String(error)})`);
  }
}
