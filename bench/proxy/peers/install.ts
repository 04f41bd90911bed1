/** Installs a peer on demand, exact versions, into a folder of its own that is kept for the next run. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bounds one installation: a registry that answers slowly must not hold up the tables of the others. */
const TIMEOUT_MS = 240_000;

/** Gives the folder; fails where the registry cannot be reached, is too slow, or has no such version. */
export function installPeer(packages: readonly string[]): string {
  const folder = join(tmpdir(), `toolgraph-peers-${packages.join("-").replaceAll(/[^a-z0-9.]+/gi, "-")}`);
  mkdirSync(folder, { recursive: true });
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--save-exact"];
  const { status, error, stderr } = spawnSync("npm", ["install", "--prefix", folder, ...flags, ...packages], {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  if (status === 0) return folder;
  const reason = error?.message ?? stderr.split("\n").find((line) => line.startsWith("npm error")) ?? "npm failed";
  throw new Error(`${packages.join(", ")} cannot be installed: ${reason}`);
}
