/** A real Prometheus scrapes a real gateway, and its HTTP API answers with what the gateway counted. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { openShop } from "../e2e/open-shop.ts";

function isInstalled(): boolean {
  try {
    execFileSync("prometheus", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env.TOOLGRAPH_REQUIRE_ALL === "1") {
      throw new Error("prometheus is absent: install Debian's package `prometheus`.");
    }
    return false;
  }
}

interface Prometheus extends AsyncDisposable {
  /** The value of an instant query's only sample; absent while there is none. */
  query(expression: string): Promise<number | undefined>;
}

async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-prometheus-"));
  writeFileSync(
    join(folder, "prometheus.yml"),
    `scrape_configs: [{ job_name: toolgraph, scrape_interval: 1s, static_configs: [{ targets: ["${target}"] }] }]\n`,
  );
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const exited = once(child, "close");
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address !== undefined) listening.resolve(address);
  });
  void exited.then(() => listening.reject(new Error("prometheus ended")));
  const address = await listening.promise;
  return {
    async query(expression) {
      const answer = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(expression)}`);
      if (!answer.ok) return undefined;
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      const [sample] = data.result;
      return sample && Number(sample.value[1]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe.skipIf(!isInstalled())("a real Prometheus (needs Debian's package `prometheus`)", () => {
  test("finds the gateway up, and its counters, histograms and gauges as they are", async () => {
    await using opened = await openShop();
    const { gateway } = opened;
    for (let call = 0; call < 7; call += 1) await gateway.restByPath("shop", "get_item", { item_id: "1" });
    await gateway.restByPath("shop", "get_item", { item_id: "status-500" });
    await using prometheus = await startPrometheus(new URL(gateway.url).host);
    const calls = `toolgraph_tool_calls_total{server_id="shop",tool="get_item",effect="read",door="rest",code="SUCCESS"}`;
    await expect.poll(() => prometheus.query(calls), { timeout: 15_000 }).toBe(7);
    expect(await prometheus.query("up")).toBe(1);
    expect(await prometheus.query(`sum(toolgraph_tool_calls_total{code!="SUCCESS"})`)).toBe(1);
    const quantile = "histogram_quantile(0.5, sum by (le) (toolgraph_tool_call_duration_seconds_bucket))";
    expect(await prometheus.query(quantile)).toBeGreaterThan(0);
    expect(await prometheus.query(`toolgraph_server_circuit{state="closed"}`)).toBe(1);
    expect(await prometheus.query("process_resident_memory_bytes")).toBeGreaterThan(1e6);
  });
});
