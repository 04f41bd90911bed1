/** The program as it is published: bundled, started by Node from plain JavaScript, with its sources out of reach. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { build, type OutputOptions } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as zod from "zod";
import config from "../../rolldown.config.ts";
import description from "../../package.json" with { type: "json" };
import type * as PublicApi from "../../src/index.ts";

const root = resolve(import.meta.dirname, "../..");
let program: string;
let elsewhere: string;

beforeAll(async () => {
  await mkdir(join(root, "dist"), { recursive: true });
  program = await mkdtemp(join(root, "dist/test-"));
  elsewhere = await mkdtemp(join(tmpdir(), "toolgraph-published-"));
  await build({
    ...config,
    cwd: root,
    logLevel: "warn",
    output: { ...(config.output as OutputOptions), dir: program },
  });
});

afterAll(async () => {
  for (const folder of [program, elsewhere]) await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(program, "cli.js"), ...args],
      { cwd: elsewhere, env },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("the published program", () => {
  test("says its version", async () => {
    expect(await run("--version")).toEqual({ code: 0, stdout: `${description.version}\n`, stderr: "" });
  });

  test("checks a configuration and names its faults", async () => {
    await writeFile(
      join(elsewhere, "good.yaml"),
      "servers: [{ id: a, type: custom_api, base_url: http://127.0.0.1:9 }]\n",
    );
    await writeFile(join(elsewhere, "bad.yaml"), "servers: [{ id: a, type: nope }]\n");
    const [good, bad] = await Promise.all([run("check", "good.yaml"), run("check", "bad.yaml")]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining("valid, 1 servers") });
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining("servers[0].type") });
  });

  test("finds the demo's sample files and servers from where it is installed", async () => {
    const { code, stdout } = await run("tools");
    expect(code).toBe(0);
    expect(stdout.match(/^\S+ \(mcp\) \S+/gm)).toEqual([
      "memory (mcp) READY",
      "files (mcp) READY",
      "everything (mcp) READY",
    ]);
  });

  test("gives connector authors the public API, and the zod they have themselves", async () => {
    const api = (await import(pathToFileURL(join(program, "index.js")).href)) as typeof PublicApi;
    expect(api.z.object).toBe(zod.z.object);
    expect(new api.CatalogueError("ROUTING_ERROR", "Gone.")).toMatchObject({ code: "ROUTING_ERROR" });
  });
});
