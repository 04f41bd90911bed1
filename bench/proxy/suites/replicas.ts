/** What sharing state costs: one gateway on its own, one on Redis, and two on one Redis asked in turn. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { MEASURING_CPU, pin, startChild } from "../child.ts";
import { freePort } from "../free-port.ts";
import { restVariant, SECRET } from "../job.ts";
import { report, ROUNDS, SECONDS, shootInTurn } from "../shots.ts";

export async function replicas(): Promise<void> {
  const redis = await startRedis();
  if (!redis) return console.log("\nReplicas: left out, there is no redis-server here.");
  await using _redis = redis;
  await using upstream = await startChild("./upstream.ts", { cpu: MEASURING_CPU });
  const env = { UPSTREAM: upstream.url, BENCH_SECRET: SECRET };
  const shared = { env: { ...env, BENCH_STATE: redis.url } };
  await using alone = await startChild("./gateway.ts", { env });
  await using first = await startChild("./gateway.ts", shared);
  await using second = await startChild("./gateway.ts", shared);
  const both = restVariant(first, "2 on one Redis");
  const shots = await shootInTurn(
    [
      restVariant(alone, "1, state in memory"),
      restVariant(first, "1 on Redis"),
      { ...both, others: [second.url], children: [first, second] },
    ],
    {},
  );
  report(`Replicas, REST, 50 connections, ${ROUNDS} rounds of ${SECONDS} s in turn; both on one CPU`, shots);
}

async function startRedis(): Promise<(AsyncDisposable & { readonly url: string }) | undefined> {
  const port = await freePort();
  const redis = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const isThere = await Promise.race([
    once(redis, "error").then(() => false),
    once(redis, "exit").then(() => false),
    new Promise<boolean>((resolve) => {
      redis.stdout.on("data", (text: Buffer) => {
        if (text.includes("Ready to accept connections")) resolve(true);
      });
    }),
  ]);
  if (!isThere) return undefined;
  pin(redis.pid!, MEASURING_CPU);
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(redis, "exit");
      redis.kill();
      await ended;
    },
  };
}
