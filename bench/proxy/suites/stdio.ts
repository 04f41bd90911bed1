/** MCP servers on standard streams: their tools through both doors, against the bare way to such a server. */
import { fileURLToPath } from "node:url";
import { startChild } from "../child.ts";
import { floorVariant, graphqlBody, graphqlVariant, restBody, restVariant, SECRET } from "../job.ts";
import { report, ROUNDS, SECONDS, shootInTurn } from "../shots.ts";

export const STDIO_SERVER: string = fileURLToPath(new URL("../stdio-server.ts", import.meta.url));

export async function stdio(): Promise<void> {
  const env = { BENCH_SECRET: SECRET, BENCH_MCP: STDIO_SERVER };
  await using floor = await startChild("./stdio-floor.ts", { env });
  await using connector = await startChild("./stdio-floor.ts", { env: { ...env, BENCH_CONNECTOR: "1" } });
  await using gateway = await startChild("./gateway.ts", { env });
  const variants = [
    { ...floorVariant(floor), name: "stdio floor" },
    { ...floorVariant(connector), name: "with the connector" },
    { ...restVariant(gateway), body: restBody("child") },
    { ...graphqlVariant(gateway), body: graphqlBody("child") },
  ];
  const shots = await shootInTurn(variants, {});
  report(`MCP tool on standard streams, 50 connections, ${ROUNDS} rounds of ${SECONDS} s in turn`, shots);
}
