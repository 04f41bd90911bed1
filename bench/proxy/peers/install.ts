/** Installs peers on demand, exact versions, into a folder of their own that is kept for the next run. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Absent when the registry cannot be reached or has no such version; the reason is printed. */
export function installPeers(packages: readonly string[]): string | undefined {
  const folder = join(tmpdir(), `toolgraph-peers-${packages.join("-").replaceAll(/[^a-z0-9.]+/gi, "-")}`);
  mkdirSync(folder, { recursive: true });
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--save-exact"];
  const installed = spawnSync("npm", ["install", "--prefix", folder, ...flags, ...packages], { encoding: "utf8" });
  if (installed.status === 0) return folder;
  console.log(`${packages.join(", ")}: cannot be installed (${installed.stderr.trim().split("\n")[0] ?? "no npm"})`);
  return undefined;
}
