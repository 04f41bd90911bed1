/** This tree against another checkout of it (`BENCH_AGAINST=folder`), door by door: what a change to a hot path has to show. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MEASURING_CPU, startChild } from "../child.ts";
import { graphqlBody, graphqlVariant, restBody, restVariant, SECRET } from "../job.ts";
import { report, ROUNDS, SECONDS, shootInTurn } from "../shots.ts";
import { STDIO_SERVER } from "./stdio.ts";

export async function against(): Promise<void> {
  const folder = process.env.BENCH_AGAINST;
  if (folder === undefined) throw new Error("BENCH_AGAINST has to name the folder of the other checkout.");
  const other = pathToFileURL(resolve(folder, "bench/proxy/gateway.ts")).href;
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET, BENCH_MCP: STDIO_SERVER };
  await using before = await startChild(other, { env });
  await using after = await startChild("./gateway.ts", { env });
  for (const [title, variants] of [
    ["REST", [restVariant(before, "before"), restVariant(after, "after")]],
    ["GraphQL", [graphqlVariant(before, "before"), graphqlVariant(after, "after")]],
    [
      "REST, MCP tool on standard streams",
      [
        { ...restVariant(before, "before"), body: restBody("child") },
        { ...restVariant(after, "after"), body: restBody("child") },
      ],
    ],
    [
      "GraphQL, MCP tool on standard streams",
      [
        { ...graphqlVariant(before, "before"), body: graphqlBody("child") },
        { ...graphqlVariant(after, "after"), body: graphqlBody("child") },
      ],
    ],
  ] as const) {
    report(`${title}, 50 connections, ${ROUNDS} rounds of ${SECONDS} s in turn`, await shootInTurn(variants, {}));
  }
}
