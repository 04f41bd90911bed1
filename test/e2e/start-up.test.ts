/** A gateway that cannot start says why in one line, and what to do. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { startUpstream } from "../support/upstream.ts";
import { configFile, startProcess } from "./start-process.ts";

const gateway = { port: 0, auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY" }] } };
const env = { AGENT_KEY: "key-of-the-agent" };

describe("what cannot start says why in one line", () => {
  test("a taken port", async () => {
    await using upstream = await startUpstream(() => ({ text: "mine" }));
    using config = configFile({ gateway, servers: [] });
    const { port } = new URL(upstream.url);
    await using toolgraph = startProcess(["serve", "--config", config.file, "--port", port], { env });
    const { code, stdout, stderr } = await toolgraph.exited;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken\\..*--port \\d+\\n$`));
  });

  test("a configuration that is not there, is a folder, or is no YAML", async () => {
    using config = configFile("servers: [\n");
    for (const file of [join(config.folder, "absent.yaml"), config.folder, config.file]) {
      await using toolgraph = startProcess(["serve", "--config", file], { env });
      const { code, stderr, stdout } = await toolgraph.exited;
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(file);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  test("an unknown command and an unknown option", async () => {
    for (const args of [["sevre"], ["serve", "--prot", "1"], ["serve", "--port", "many"]]) {
      await using toolgraph = startProcess(args);
      const { code, stderr } = await toolgraph.exited;
      expect(code).toBe(2);
      expect(stderr.split("\n")[0]).toMatch(/sevre|prot|many/);
    }
  });

  const old = oldNode();
  test.skipIf(!old)(`an old Node (${old ?? "needs a Node before 22.19 on the PATH"})`, async () => {
    await using toolgraph = startProcess(["serve"], { node: old! });
    const { code, stderr } = await toolgraph.exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Toolgraph needs Node 22\.19 or newer.*npm start.*\n$/);
  });
});

/** A Node of this machine, outside the installed packages, that is too old for the gateway. */
function oldNode(): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return places
    .map((folder) => join(folder, "node"))
    .filter((file) => existsSync(file))
    .find((file) => Number(execFileSync(file, ["--version"], { encoding: "utf8" }).slice(1).split(".")[0]) < 22);
}
